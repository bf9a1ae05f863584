import { get, post } from '@/shared/client'
import type { Question } from '@/shared/form'

/** A value with its validity; `valid_to` is the first day on which it no longer holds. */
export interface Held {
  value: string
  source: string
  valid_from: string
  valid_to: string | null
  in_force: boolean
}

/** One rule with what holds today, what will, and what held before, newest first. */
export interface Rule {
  key: string
  name: string
  severity?: string
  values: Held[]
}
interface Row {
  name: string
  value: number
  unit: string
  source: string
  valid_from: string
  valid_to: string | null
  in_force: boolean
}
interface LimitRow extends Omit<Row, 'name' | 'value'> {
  link: string
  severity: string
  amount: number
}

/** The ledger's own numbers. Raises Problem. */
export async function readRules(): Promise<Rule[]> {
  const { items } = await get<{ items: Row[] }>('/api/v1/rules')
  return grouped(items.map((row) => ({ key: row.name, name: row.name, held: held(row, String(row.value)) })))
}

/** How long each link of a case may take. Raises Problem. */
export async function readLimits(unitName: (unit: string) => string): Promise<Rule[]> {
  const { items } = await get<{ items: LimitRow[] }>('/api/v1/link-limits')
  return grouped(
    items.map((row) => ({
      key: `${row.link}/${row.severity}`,
      name: row.link,
      severity: row.severity,
      held: held(row, `${row.amount} ${unitName(row.unit)}`),
    })),
  )
}

/** Let a number hold from a day on. Raises Problem. */
export const setRule = (body: { name: string; value: number; source: string; valid_from: string }) => post<unknown>('/api/v1/rules', body)

/** Let a limit hold from a day on. Raises Problem. */
export const setLimit = (body: { link: string; severity: string; amount: number; unit: string; source: string; valid_from: string }) =>
  post<unknown>('/api/v1/link-limits', body)

/** What holds today; undefined where the first value is still to come. */
export const inForce = (rule: Rule) => rule.values.find((one) => one.in_force)

/** What was decided for a later day; undefined where nothing was. */
export const toCome = (rule: Rule, today: string) => rule.values.find((one) => one.valid_from > today)

/** What a new value wants to be told. */
export function questionsFor(rule: Rule, label: (field: string) => string, units: { value: string; text: string }[]): Question[] {
  const limit = rule.severity !== undefined
  return [
    { name: 'value', kind: 'line', required: true, label: label('value') },
    ...(limit ? [{ name: 'unit', kind: 'choice' as const, required: true, label: label('unit'), options: units }] : []),
    { name: 'valid_from', kind: 'day', required: true, label: label('valid_from') },
    { name: 'source', kind: 'line', required: true, label: label('source') },
  ]
}

function held(row: Omit<Row, 'name' | 'value'>, value: string): Held {
  return { value, source: row.source, valid_from: row.valid_from, valid_to: row.valid_to, in_force: row.in_force }
}
function grouped(rows: { key: string; name: string; severity?: string; held: Held }[]): Rule[] {
  const rules = new Map<string, Rule>()
  for (const { held: value, ...rule } of rows) {
    const known = rules.get(rule.key) ?? { ...rule, values: [] }
    known.values.unshift(value)
    rules.set(rule.key, known)
  }
  return [...rules.values()]
}
