import { get, post } from '@/shared/client'
import type { Answers, Question } from '@/shared/form'

/** What words and names a book is told with. */
export interface Say {
  t: (key: string, numbers?: Record<string, unknown>) => string
  te: (key: string) => boolean
  unitName: (unit: string) => string
}
type Row = Record<string, unknown> & { source: string; valid_from: string; valid_to?: string | null; in_force?: boolean }
/** One kind of rows: where they are read and set, what tells them apart, how they read, what a new one asks. */
interface Book {
  name: 'rules' | 'prices' | 'rates' | 'power' | 'limits'
  path: string
  key: readonly string[]
  called: (row: Row, say: Say) => string
  value: (row: Row, say: Say) => string
  asks: (say: Say) => Question[]
  told: (answers: Answers) => Record<string, unknown>
}
/** A value with its validity; `valid_to` is the first day on which it no longer holds. */
export interface Held {
  value: string
  source: string
  valid_from: string
  valid_to: string | null
  in_force: boolean
}
/** A rule with the key that sets it, and what holds, will hold and held before, newest first. */
export interface Kept {
  key: string
  name: string
  values: Held[]
  of: Record<string, unknown>
}

/** What holds today; undefined where the first value is still to come. */
export const heldNow = (rule: Kept) => rule.values.find((one) => one.in_force)

/** What was decided for a later day; undefined where nothing was. */
export const heldNext = (rule: Kept, today: string) => rule.values.find((one) => one.valid_from > today)

const FUNDS = ['budget', 'investor', 'maintenance_fund', 'property_company'] as const
const line = (say: Say, name: string): Question => ({ name, kind: 'line', required: true, label: say.t(`siting.rows.field.${name}`) })
const number = (name: string) => (answers: Answers) => ({ [name]: Number(answers[name]) })

export const BOOKS: readonly Book[] = [
  {
    name: 'rules',
    path: '/api/v1/siting/rules',
    key: ['rule_set', 'name'],
    called: (row, { t, te }) => `${te(`siting.ruleSet.${row.rule_set}`) ? t(`siting.ruleSet.${row.rule_set}`) : String(row.rule_set)} · ${te(`siting.kind.${row.kind}`) ? t(`siting.kind.${row.kind}`) : te(`siting.rows.figure.${row.name}`) ? t(`siting.rows.figure.${row.name}`) : String(row.name)}`,
    value: (row, { t }) => `${row.value} ${t(`siting.rows.unit.${row.unit}`)} · ${t(row.hard ? 'siting.rows.hard' : 'siting.rows.soft')}`,
    asks: (say) => [
      line(say, 'value'),
      { name: 'hard', kind: 'flag', required: true, label: say.t('siting.rows.field.hard'), options: ['hard', 'soft'].map((word) => ({ value: word, text: say.t(`siting.rows.${word}`) })) },
    ],
    told: ({ value, hard }) => ({ value: Number(value), hard }),
  },
  {
    name: 'prices',
    path: '/api/v1/siting/prices',
    key: ['item'],
    called: (row, { t }) => t(`siting.rows.item.${row.item}`),
    value: (row, { t }) => `${row.yuan} · ${t(`siting.rows.fund.${row.paid_by}`)}`,
    asks: (say) => [
      line(say, 'yuan'),
      { name: 'paid_by', kind: 'choice', required: true, label: say.t('siting.rows.field.paid_by'), options: FUNDS.map((value) => ({ value, text: say.t(`siting.rows.fund.${value}`) })) },
    ],
    told: ({ yuan, paid_by }) => ({ yuan: Number(yuan), paid_by }),
  },
  {
    name: 'rates',
    path: '/api/v1/siting/rates',
    key: ['name', 'place'],
    called: (row, { t }) => t(`siting.rows.rate.${row.name}`) + (row.place ? ` · ${String(row.place).slice(0, 8)}` : ''),
    value: (row) => String(row.value),
    asks: (say) => [line(say, 'value')],
    told: number('value'),
  },
  {
    name: 'power',
    path: '/api/v1/siting/power',
    key: ['facility_id'],
    called: (row) => String(row.name),
    value: (row) => `${row.spare_kva} kVA`,
    asks: (say) => [line(say, 'spare_kva')],
    told: number('spare_kva'),
  },
  {
    name: 'limits',
    path: '/api/v1/charging-works/limits',
    key: ['state', 'responsible'],
    called: (row, { t, unitName }) => `${t(`charging.state.${row.state}`)} → ${row.responsible === 'street' ? t('siting.rows.street') : unitName(String(row.responsible))}`,
    value: (row, { t }) => (row.days === null ? t('siting.rows.promised') : t('siting.rows.days', { n: Number(row.days) })),
    asks: (say) => [line(say, 'days')],
    told: number('days'),
  },
]

/** The rows of a book, each with what held before, newest first. Raises Problem. */
export async function readBook(book: Book, say: Say, today: string): Promise<Kept[]> {
  const { items } = await get<{ items: Row[] }>(book.path)
  return keptOf(book, items, say, today)
}

/** Rows of one key as one rule; where rows do not say which holds, it is the last that has begun. */
export function keptOf(book: Book, items: readonly Row[], say: Say, today: string): Kept[] {
  const found = new Map<string, Kept>()
  for (const row of [...items].sort((a, b) => a.valid_from.localeCompare(b.valid_from))) {
    const of = Object.fromEntries(book.key.map((name) => [name, row[name]]))
    const key = Object.values(of).join('/')
    const rule = found.get(key) ?? { key, name: book.called(row, say), of, values: [] }
    const held: Held = { value: book.value(row, say), source: row.source, valid_from: row.valid_from, valid_to: row.valid_to ?? null, in_force: row.in_force ?? row.valid_from <= today }
    if (row.in_force === undefined && held.in_force) rule.values.forEach((before) => ((before.in_force = false), (before.valid_to ??= row.valid_from)))
    rule.values.unshift(held)
    found.set(key, rule)
  }
  return [...found.values()]
}

/** What a new value of a rule wants to be told. */
export function asksOf(book: Book, say: Say): Question[] {
  const rest = [{ name: 'valid_from', kind: 'day' as const }, { name: 'source', kind: 'line' as const }]
  return [...book.asks(say), ...rest.map((one) => ({ ...one, required: true, label: say.t(`rules.field.${one.name}`) }))]
}

/** Let a value hold from a day on. Raises Problem. */
export const setRow = (book: Book, rule: Kept, answers: Answers) =>
  post<unknown>(book.path, { ...withoutEmpty(rule.of), ...book.told(answers), source: answers.source, valid_from: answers.valid_from })

const withoutEmpty = (of: Record<string, unknown>) => Object.fromEntries(Object.entries(of).filter(([, value]) => value !== ''))
export type { Book }
