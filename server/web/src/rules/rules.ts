import { get, post } from '@/shared/client'
import type { Answers, Question } from '@/shared/form'

/** A column of a table of rules: what it holds, within which bounds. */
export interface Column {
  name: string
  kind: string
  choices: string[]
  least: number | null
  most: number | null
  optional: boolean
  fixed: boolean
}
/** A table of rules as the server describes it: where its rows are read, set and withdrawn. */
export interface Table {
  name: string
  path: string
  withdraw: string | null
  foresee: string | null
  day_fact: string
  fresh: boolean
  key: Column[]
  values: Column[]
  may_set: boolean
}
/** One row as it travels; `valid_to` is the first day on which it no longer holds. */
export type Row = Record<string, unknown> & { source: string; valid_from: string; valid_to?: string | null }

/** One rule with all its rows, the newest first. */
export interface Rule {
  id: string
  key: Row
  rows: Row[]
}
export interface TrailLine {
  at: string
  action: string
  record: string
  by: string | null
  facts: Record<string, unknown>
}

export const readTables = () => get<{ items: Table[] }>('/api/v1/rule-tables').then((found) => found.items)
export const readRows = (table: Table) => get<{ items: Row[] }>(table.path).then((found) => found.items)
export const readTrail = (table: Table) => get<{ items: TrailLine[] }>(`/api/v1/rule-tables/${table.name}/trail`).then((found) => found.items)

/** The rules of a table; a row without an end of its own holds until the next begins. */
export function rulesOf(table: Table, rows: Row[]): Rule[] {
  const found = new Map<string, Rule>()
  for (const row of [...rows].sort((a, b) => a.valid_from.localeCompare(b.valid_from))) {
    const id = idOf(table, row)
    const rule = found.get(id) ?? { id, key: row, rows: [] }
    const before = rule.rows[0]
    if (before && !before.valid_to) rule.rows[0] = { ...before, valid_to: row.valid_from }
    rule.rows.unshift(row)
    found.set(id, rule)
  }
  return [...found.values()]
}

/** The record under which the audit trail keeps a row: its key, joined. */
export function idOf(table: Table, row: Row): string {
  return table.key.map(({ name }) => row[name]).filter(Boolean).join('/')
}

export const holds = (row: Row, today: string) => row.valid_from <= today && (!row.valid_to || row.valid_to > today)
export const inForce = (rule: Rule, today: string) => rule.rows.find((row) => holds(row, today))
export const toCome = (rule: Rule, today: string) => rule.rows.find((row) => row.valid_from > today)

/** Who set a row, as the trail tells it; nobody where it came with the product. */
export function setBy(table: Table, lines: TrailLine[], id: string, row: Row): TrailLine | undefined {
  return lines.find((line) => line.record === id && !line.action.endsWith('withdraw') && line.facts[table.day_fact] === row.valid_from)
}

/** What differs between a row and the one before it: the columns, with what they were. */
export function differing(table: Table, row: Row, before: Row | undefined): Set<string> {
  if (!before) return new Set()
  return new Set(table.values.filter(({ name }) => JSON.stringify(row[name]) !== JSON.stringify(before[name])).map(({ name }) => name))
}

export interface Asking {
  label: (column: Column) => string
  choice: (column: Column, code: string) => string
  options: (column: Column) => string[]
  words: (name: string) => string
}

/** What is asked for a new row; the key only where the rule itself is new. */
export function questionsFor(table: Table, rule: Rule | null, { label, choice, options, words }: Asking): Question[] {
  const columns = [...(rule ? [] : table.key), ...table.values.filter((column) => !column.fixed)]
  const asked = columns.map((column): Question => {
    const codes = options(column)
    const base = { name: column.name, label: withBounds(label(column), column), required: !column.optional }
    if (column.kind === 'flag') return { ...base, kind: 'flag', required: false }
    if (column.kind === 'units') return { ...base, kind: 'units', required: false, options: codes.map((code) => ({ value: code, text: choice(column, code) })) }
    return codes.length ? { ...base, kind: 'choice', options: codes.map((code) => ({ value: code, text: choice(column, code) })) } : { ...base, kind: 'line' }
  })
  return [...asked, { name: 'valid_from', kind: 'day', required: true, label: words('valid_from') }, { name: 'source', kind: 'line', required: true, label: words('source') }]
}

function withBounds(label: string, { least, most }: Column): string {
  return least === null || most === null ? label : `${label}（${least}–${most}）`
}

/** The answers that a form begins with: what holds now, from today. */
export function firstAnswers(table: Table, row: Row | undefined, today: string): Answers {
  const held = Object.fromEntries(table.values.filter((column) => !column.fixed).map(({ name, kind }) => [name, row?.[name] ?? (kind === 'flag' ? false : kind === 'units' ? [] : '')]))
  return { ...held, valid_from: today, source: '' }
}

/** What is sent for a new row; a number is sent as one, what is empty and may be so as null or left out. */
export function bodyOf(table: Table, rule: Rule | null, answers: Answers): Record<string, unknown> {
  const body: Record<string, unknown> = { source: String(answers.source ?? ''), valid_from: answers.valid_from }
  for (const column of table.key) {
    const value = rule ? rule.key[column.name] : answers[column.name]
    if (value !== '' && value !== undefined) body[column.name] = value
  }
  for (const column of table.values) {
    if (column.fixed) continue
    const value = answers[column.name]
    if (column.kind === 'number' || column.kind === 'integer') {
      if (value !== '' && value !== null && value !== undefined) body[column.name] = Number.isNaN(Number(value)) ? value : Number(value)
    } else if (value !== '' && value !== undefined) body[column.name] = value
  }
  return body
}

/** What another value would mean, and would have meant in the days looked back. */
export interface Foreseen {
  /** Counts that change: how many are it now, how many would be then, of how many; empty: nothing can be counted. */
  lines: { what: string; now: number; then: number; of: number | null }[]
  looked_back_days?: number
  /** Of siting rules: sites that a hard rule would reject anew, or (null) no longer. */
  changed?: { site_id: string; name: string; community_id: string; community_name: string; rejected_by: string | null }[]
  /** Of deadlines of cases. */
  open?: number
  filed: number
  unfiled: number
  overdue_now: number
  overdue_then: number
  closed: number
  on_time: number
  on_time_then: number
}
/** What setting a row would mean; nothing is set. Raises Problem. */
export function foresee(table: Table, rule: Rule | null, answers: Answers): Promise<Foreseen> {
  const { source: _, ...body } = bodyOf(table, rule, answers)
  return post<Foreseen>(table.foresee!, body)
}

/** Let a row hold from a day on. Raises Problem. */
export const setRow = (table: Table, rule: Rule | null, answers: Answers) => post<unknown>(table.path, bodyOf(table, rule, answers))

/** Take back a row that is to come. Raises Problem. */
export function withdrawRow(table: Table, rule: Rule, row: Row): Promise<unknown> {
  const key = Object.fromEntries(table.key.map(({ name }) => [name, rule.key[name]]))
  return post(table.withdraw!, { ...key, valid_from: row.valid_from })
}
