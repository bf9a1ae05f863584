import { get, post, remove, sendBytes } from '@/shared/client'
import type { Question } from '@/shared/form'
import type { Page } from '@/shared/types'

/** A paper as lists show it. */
export interface PaperLine {
  paper_id: string
  kind: string
  title: string
  title_en: string
  number: string | null
  state: string
  version: number
  body: string
  body_name: string
  to_unit: string | null
  to_name: string | null
  drafted_at: string
  issued_at: string | null
  case_ids: string[]
}

/** A paper with what it says, what happened to it, and what its reader may do now. */
export interface Paper extends PaperLine {
  fields: Record<string, unknown>
  service: Record<string, unknown> | null
  receipt: Record<string, unknown> | null
  scan: { sha256: string; size: number; content_type: string } | null
  history: { seq: number; command: string; actor: string | null; stands_for?: string | null; at: string; data: Record<string, unknown> }[]
  commands: string[]
}

export interface PaperField {
  name: string
  label: string
  label_en: string
  shape: 'text' | 'lines' | 'cases' | 'photos'
  needed: boolean
}

export interface TemplateVersion {
  template_id: string
  origin: 'standard' | 'office'
  sha256: string
  valid_from: string
  valid_to: string | null
  added_by: string | null
}

/** A kind of paper with its fields and the templates it had, the one in force first; none yet means the built-in one. */
export interface Kind {
  kind: string
  title: string
  title_en: string
  about_cases: boolean
  fields: PaperField[]
  versions: TemplateVersion[]
}

export const PAPER_STATES = ['draft', 'reviewed', 'countersigned', 'issued', 'void']
export const MANNERS = ['direct', 'left_in_place', 'by_post', 'entrusted', 'electronic', 'public_notice']
const TEMPLATES = '/api/v1/papers/templates'
const at = (id: string) => `/api/v1/papers/${encodeURIComponent(id)}`

/** One paper. Raises Problem. */
export const readPaper = (id: string) => get<Paper>(at(id))

/** Every kind of paper with its fields and templates. Raises Problem. */
export const readKinds = async () => (await get<Page<Kind>>(TEMPLATES)).items

/** Give a command on the version that was seen. Raises Problem. */
export const order = (seen: Paper, type: string, data: object) =>
  post<Paper>(`${at(seen.paper_id)}/commands`, { type, base_version: seen.version, data })

/** Draft a paper by hand. Raises Problem. */
export const draft = (given: object) => post<Paper>('/api/v1/papers', given)

/** Upload the sealed scan. Raises Problem. */
export const putScan = (seen: Paper, file: File) => sendBytes<Paper>('PUT', `${at(seen.paper_id)}/scan`, file)

/** Put the office's template of a kind in force, or (null) the built-in one again. Raises Problem. */
export async function putTemplate(kind: string, file: File | null): Promise<Kind[]> {
  const path = `${TEMPLATES}/${encodeURIComponent(kind)}`
  return (await (file ? sendBytes<Page<Kind>>('POST', path, file) : remove<Page<Kind>>(path))).items
}

/** Whether the office's own template of a kind is in force. */
export const isReplaced = (kind: Kind) => kind.versions.find((one) => one.valid_to === null)?.origin === 'office'

/** What a person may change of a draft, as the questions of a form; cases and photos stay as the cases give them. */
export function questionsOf(fields: PaperField[], labelOf: (field: PaperField) => string): Question[] {
  return fields
    .filter((field) => field.shape === 'text' || field.shape === 'lines')
    .map((field) => ({ name: field.name, label: labelOf(field), kind: field.shape === 'lines' ? 'lines' : 'long' }))
}

/** A field as a form holds it: lines as one text. */
export function asText(value: unknown): string {
  return Array.isArray(value) ? value.join('\n') : String(value ?? '')
}
