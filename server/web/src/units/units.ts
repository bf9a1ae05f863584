import { get, patch, post } from '@/shared/client'
import { changed, toldOnly, type Answers, type Question } from '@/shared/form'
import type { Unit } from '@/shared/types'

/** A unit as the register shows it; numbers count what the links lead to. */
export interface UnitLine extends Unit {
  parent: string | null
  parent_name_zh: string | null
  parent_name_en: string | null
  contact: string
  phone: string
  origin: string
  closed_on: string | null
  people: number
  open_cases: number
}

/** One line of a record's history; `by` is null for the command line. */
export interface TrailLine {
  at: string
  action: string
  by: string | null
  facts: { changed?: Record<string, [unknown, unknown]>; reason?: string; on?: string }
}

/** A unit with what it answers for; `matters` counts what keeps it from closing. */
export interface UnitDetail extends Unit {
  parent: string | null
  parent_unit: Unit | null
  contact: string
  phone: string
  duty: string
  origin: string
  closed_on: string | null
  responsible_for: {
    measures: { measure: number; title_zh: string; title_en: string; leads: boolean }[]
    categories: { category: string; label_zh: string; label_en: string }[]
    communities: number
  }
  matters: Record<string, number>
  below: (Unit & { closed_on: string | null })[]
  history: TrailLine[]
}

export const KINDS = [
  'subdistrict',
  'neighbourhood',
  'party',
  'department',
  'utility',
  'unit_group',
  'coordinating_body',
  'property_company',
  'owners_committee',
  'developer',
  'lift_maintainer',
]
const OPTIONAL = ['division_code', 'parent'] as const

export const readUnit = (code: string) => get<UnitDetail>(path(code))

/** Make a unit. Raises Problem. */
export const makeUnit = (questions: Question[], answers: Answers) => post<UnitDetail>('/api/v1/units', toldOnly(questions, answers))

/** Change what differs; an emptied place or parent is taken away. Raises Problem. */
export function changeUnit(code: string, questions: Question[], before: Answers, answers: Answers): Promise<UnitDetail> {
  const wanted: Answers = changed(questions, before, answers)
  for (const name of OPTIONAL) if (wanted[name] === '') wanted[name] = null
  return patch<UnitDetail>(path(code), wanted)
}

/** Close a unit, or let it work again. Raises Problem. */
export const turnUnit = (code: string, deed: 'close' | 'reopen', reason: string) => post<UnitDetail>(`${path(code)}/${deed}`, { reason })

/** What a change was before: what its undoing has to send. */
export function before(line: TrailLine): Record<string, unknown> {
  return Object.fromEntries(Object.entries(line.facts.changed ?? {}).map(([name, [was]]) => [name, was ?? (OPTIONAL.includes(name as 'parent') ? null : '')]))
}

/** Undo the last change of a unit. Raises Problem. */
export const undoChange = (code: string, line: TrailLine) => patch<UnitDetail>(path(code), before(line))

/** Where each kind of open matter is listed; those without a list of their own are told as numbers. */
export function listOf(matter: string, code: string): { name: string; query: Record<string, string> } | null {
  switch (matter) {
    case 'people':
      return { name: 'people', query: { unit: code, active: 'true' } }
    case 'cases':
      return { name: 'ledger', query: { unit: code, figure: 'open' } }
    case 'units':
      return { name: 'units', query: { parent: code } }
    case 'charging_works':
      return { name: 'charging', query: { responsible: code } }
    case 'rules':
      return { name: 'rules', query: { table: 'category_rules', text: code } }
    default:
      return null
  }
}

function path(code: string): string {
  return `/api/v1/units/${encodeURIComponent(code)}`
}
