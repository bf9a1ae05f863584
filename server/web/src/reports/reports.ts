import type { LocationQueryRaw } from 'vue-router'
import type { Task } from '@/tables/tasks'
import { get, post } from '@/shared/client'

/** A number, and the address that lists exactly what it counts; null where that is no list. */
export interface Listed {
  cases: number
  list: string | null
}
export interface Line extends Listed {
  name: string
  title_zh: string
  title_en: string
  before: Listed
}
/** A figure of another register, as the server tells it. */
interface Figure {
  number: number
  list: string | null
}
export interface Part {
  name: string
  title_zh: string
  title_en: string
  lines: (Omit<Line, keyof Listed | 'before'> & Figure & { before: Figure })[]
}
export interface Row {
  key: string
  name_zh: string
  name_en: string
  reported: Listed
  closed: Listed
  open: Listed
  red: Listed
}
export interface Report {
  kind: Kind
  title_zh: string
  title_en: string
  first: string
  last: string
  until: string
  finished: boolean
  before: { first: string; last: string }
  area: string
  made_at: string
  place: 'subdistrict' | 'community'
  happened: Line[]
  stood: Line[]
  beside: Part[]
  by_place: Row[]
  by_measure: Row[]
}
export const KINDS = ['day', 'week', 'month'] as const
export type Kind = (typeof KINDS)[number]
export interface Asked {
  kind: Kind
  day: string
  subdistrict?: string
}

export const readReport = (asked: Asked, signal: AbortSignal) => get<Report>('/api/v1/reports', { ...asked }, signal)
export const askFile = (asked: Asked, format: 'xlsx' | 'docx') => post<Task>('/api/v1/reports/exports', { ...asked, format })

const PAGES: Record<string, string> = { '/api/v1/cases': 'ledger', '/api/v1/inspections': 'inspections', '/api/v1/complaints': 'complaints', '/api/v1/hotline/orders': 'hotline' }

/** The page that shows what a number counts; null where no list does. */
export function listed(number: Listed): { name: string; query: LocationQueryRaw } | null {
  const [path, query] = number.list?.split('?') ?? []
  const name = PAGES[path ?? '']
  return name ? { name, query: Object.fromEntries(new URLSearchParams(query ?? '')) } : null
}

/** A part as lines of the report. */
export function linesOf(part: Part): Line[] {
  return part.lines.map(({ number, before, ...line }) => ({ ...line, cases: number, before: { cases: before.number, list: before.list } }))
}

/** The day before the first of a period, or after its last: a day of its neighbour. */
export function neighbour(day: string, step: 1 | -1): string {
  const moved = new Date(`${day}T00:00:00Z`)
  moved.setUTCDate(moved.getUTCDate() + step)
  return moved.toISOString().slice(0, 10)
}

/** A change as people write it: +3, −2, empty where there is none. */
export function change(now: number, before: number): string {
  if (now === before) return ''
  return now > before ? `+${now - before}` : `−${before - now}`
}

/** The numbers of a report by their names. */
export function numbers(report: Report): Record<string, number> {
  const lines = [...report.happened, ...report.stood]
  return Object.fromEntries(lines.flatMap((one) => [[one.name, one.cases], [`${one.name}Before`, one.before.cases]]))
}
