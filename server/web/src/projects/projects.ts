/** A housing project and the charging that it has to build. */
export interface Project {
  project_id: string
  name: string
  subdistrict_code: string
  subdistrict: string
  stage: string
  developer: string
  required_ports: number | null
  required_share_percent: number | null
  condition_no: string
  bureau_reply: string
  expected_on: string | null
  built_ports: number
  missing_ports: number
  late: boolean
  version: number
  letters: { paper_id: string; number: string | null; state: string; answer_by: string; answered_on: string | null; answer: string | null }[]
  [member: string]: unknown
}

export const STAGES = ['planning', 'under_construction', 'completed']
export const AT = '/api/v1/charging-projects'
const TEXTS = ['name', 'developer', 'condition_no', 'condition_text', 'bureau_reply', 'note']
const DAYS = ['condition_on', 'bureau_replied_on', 'begun_on', 'expected_on']
const NUMBERS = ['households', 'parking_spaces', 'required_ports', 'required_share_percent', 'built_ports']

/** What a form holds of a project: everything as text. */
export function filledFrom(project: Project | null): Record<string, unknown> {
  if (!project) return { stage: 'planning' }
  const told = (name: string) => (project[name] === null ? '' : String(project[name]))
  return { subdistrict: project.subdistrict_code, stage: project.stage, ...Object.fromEntries([...TEXTS, ...DAYS, ...NUMBERS].map((name) => [name, told(name)])) }
}

/** What a form says, as the server reads it: numbers as numbers, empty ones and days as null. */
export function toldBy(answers: Record<string, unknown>): Record<string, unknown> {
  const text = (name: string) => String(answers[name] ?? '').trim()
  const number = (name: string) => (text(name) === '' ? null : Number.isFinite(Number(text(name))) ? Number(text(name)) : text(name))
  return {
    subdistrict: answers.subdistrict,
    stage: answers.stage,
    ...Object.fromEntries(TEXTS.map((name) => [name, text(name)])),
    ...Object.fromEntries(DAYS.map((name) => [name, text(name) || null])),
    ...Object.fromEntries(NUMBERS.map((name) => [name, number(name)])),
  }
}
