import { get, post } from '@/shared/client'
import { wholeList } from '@/shared/list'
import type { Severity } from '@/shared/types'
import { sendForm } from '@/tables/tasks'
import type { Checklist, Item } from '@/tablet/checklist/model'
import { RuleBook } from '@/tablet/checklist/rules'
import { WorkCalendar } from '@/tablet/checklist/workcalendar'
import type { CalendarRecord, RuleRecord } from '@/tablet/protocol'

export interface Version {
  version: string
  title_zh: string
  title_en: string
  published_on: string
  items: number
  published_at: string
  published_by: string | null
  retired_at: string | null
  inspections: number
}
export interface Plan {
  plan_id: string
  code: string
  version: string
  starts_on: string
  made_at: string
  made_by: string
  outcome: 'published' | 'withdrawn' | 'faulty' | null
  ended_at: string | null
  ended_by: string | null
}
export interface Versions {
  code: string
  versions: Version[]
  plans: Plan[]
}
export interface Difference {
  what: 'added' | 'removed' | 'changed'
  pointer: string
  old: unknown
  new: unknown
}
export interface Taken {
  outcome: 'tried' | 'published' | 'planned'
  code: string | null
  version: string | null
  replaces: string | null
  faults: { pointer: string; item: string | null; detail: string; detail_zh: string }[]
  differences: Difference[]
}

/** What is wrong with a cell of an XLSForm; what does not stop is left out of the checklist. */
export interface Trouble {
  sheet: string
  row: number
  column: string
  value: string
  stops: boolean
  detail: string
  detail_zh: string
}
/** What came of reading an XLSForm; without a document something must be mended first. */
export interface FormRead extends Partial<Taken> {
  document: unknown
  troubles?: Trouble[]
}

export const readForm = (file: File) => sendForm('/api/v1/checklist-forms', { file })
export const askForm = (version: string) => sendForm(`/api/v1/checklists/${encodeURIComponent(version)}/form`, {})
/** Whether a file is a workbook, by its name. */
export const isWorkbook = (name: string) => /\.xlsx?$/i.test(name)

export const readChecklist = (version: string) => get<Checklist>(`/api/v1/checklists/${encodeURIComponent(version)}`)
export const readVersions = (code: string) => get<Versions>(`/api/v1/checklists/${encodeURIComponent(code)}/versions`)
export const readPlans = () => get<{ items: Plan[] }>('/api/v1/checklist-plans')
export const readDifferences = (old: string, now: string) => get<{ items: Difference[] }>('/api/v1/checklist-differences', { old, new: now })
export const takeIn = (document: unknown, more: { starts_on?: string | null; dry_run?: boolean }) => post<Taken>('/api/v1/checklists', { document, ...more })
export const makeCurrent = (version: string) => post<Versions>(`/api/v1/checklists/${encodeURIComponent(version)}/make-current`, {})
export const withdraw = (plan: string) => post<Versions>(`/api/v1/checklist-plans/${plan}/withdraw`, {})

/** A checklist's file is not JSON. */
export class NotJson extends Error {}

/** The document in a file. Raises NotJson. */
export async function documentIn(file: Blob): Promise<unknown> {
  try {
    return JSON.parse(await file.text())
  } catch (thrown) {
    throw new NotJson(String(thrown))
  }
}

/** What judging and deadlines need to know: today's rules by category, and the work calendar. */
export interface County {
  book: RuleBook
  calendar: WorkCalendar
  names: Map<string, { zh: string; en: string }>
}
interface CategoryRow {
  category: string
  label_zh: string
  label_en: string
  rules: (Omit<RuleRecord, 'category' | 'valid_from' | 'valid_to'> & { severity: Severity })[]
}
interface Year {
  year: number
  known: boolean
  days: { day: string; kind: string }[]
}

export async function readCounty(today: string): Promise<County> {
  const year = Number(today.slice(0, 4))
  const [categories, ...years] = await Promise.all([
    wholeList<CategoryRow>('/api/v1/categories'),
    ...[year, year + 1].map((one) => get<Year>('/api/v1/calendar', { year: one })),
  ])
  const rules = categories.flatMap((row) => row.rules.map((rule) => ({ ...rule, category: row.category, valid_from: '0001-01-01', valid_to: null }) as RuleRecord))
  return {
    book: new RuleBook(rules, today),
    calendar: new WorkCalendar(years.map(asRecord)),
    names: new Map(categories.map((row) => [row.category, { zh: row.label_zh, en: row.label_en }])),
  }
}

function asRecord({ year, known, days }: Year): CalendarRecord {
  const of = (kind: string) => days.filter((one) => one.kind === kind).map((one) => one.day)
  return { year, holidays: of('holiday'), make_up_days: of('work'), provisional: !known, hours: [], zone: 'Asia/Shanghai' }
}

/** The label that a difference is about: the item's own words where the pointer names one. */
export function itemNamed(pointer: string, checklists: (Checklist | null)[]): Item | null {
  const codes = pointer.split('/').filter(Boolean)
  for (const checklist of checklists) {
    let items = checklist?.items ?? []
    let found: Item | null = null
    for (const code of codes) {
      const next = items.find((item) => item.code === code)
      if (!next) break
      found = next
      items = next.items ?? []
    }
    if (found) return found
  }
  return null
}

/** The last part of a pointer: which member of an item or of the head differs; empty for a whole item. */
export function memberOf(pointer: string, item: Item | null): string {
  const last = pointer.split('/').at(-1) ?? ''
  return item && last === item.code ? '' : last
}
