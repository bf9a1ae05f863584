import { get, post } from '@/shared/client'

export interface CalendarDay {
  day: string
  kind: 'holiday' | 'work'
  name: string
  provisional: boolean
  source: string
}
export interface CalendarChange {
  changed_at: string
  day: string
  was: Partial<CalendarDay> | null
  becomes: Partial<CalendarDay> | null
}
export interface CalendarYear {
  year: number
  known: boolean
  days: CalendarDay[]
  changes: CalendarChange[]
}
export interface Loaded {
  dry_run: boolean
  changes: CalendarChange[]
  moved: { case_id: string; number: string | null; was: string; due_at: string }[]
}
export interface CalendarFile {
  source: string
  valid_from: string
  valid_to: string
  days: { day: string; kind: string; name: string; provisional?: boolean; source?: string | null }[]
}

export const readYear = (year: number) => get<CalendarYear>('/api/v1/calendar', { year })
export const loadFile = (file: CalendarFile, dry_run: boolean) => post<Loaded>('/api/v1/calendar', { ...file, dry_run })

/** The file is neither the JSON of a calendar nor a CSV with the columns day, kind, name. */
export class NoCalendar extends Error {}

/** A calendar file from text: JSON as the API takes it, or CSV (day, kind, name, provisional, source). Raises NoCalendar. */
export function fileOf(text: string, source: string): CalendarFile {
  const words = text.replace(/^\uFEFF/, '').trim()
  if (words.startsWith('{')) {
    try {
      const told = JSON.parse(words) as Partial<CalendarFile>
      return { ...(told as CalendarFile), source: told.source ?? source }
    } catch (thrown) {
      throw new NoCalendar(String(thrown))
    }
  }
  const [head = '', ...lines] = words.split(/\r?\n/)
  const names = head.split(',').map((name) => name.trim())
  if (!['day', 'kind', 'name'].every((name) => names.includes(name))) throw new NoCalendar('day,kind,name')
  const days = lines
    .filter((line) => line.trim())
    .map((line) => {
      const cells = line.split(',').map((cell) => cell.trim())
      const of = (name: string) => cells[names.indexOf(name)] ?? ''
      return { day: of('day'), kind: of('kind'), name: of('name'), provisional: ['1', 'true', 'yes', '是'].includes(of('provisional').toLowerCase()), source: of('source') || null }
    })
  const years = days.map((one) => Number(one.day.slice(0, 4))).filter((year) => year > 0)
  if (!years.length) throw new NoCalendar('day')
  return { source, valid_from: `${Math.min(...years)}-01-01`, valid_to: `${Math.max(...years) + 1}-01-01`, days }
}

export type Mark = 'work' | 'rest' | 'holiday' | 'makeup'
export interface Square {
  day: string
  date: number
  mark: Mark
  name: string
  provisional: boolean
}

/** The twelve months of a year: the weekday (Monday 0) on which each begins, and its days. */
export function monthsOf(year: number, days: CalendarDay[]): { month: number; offset: number; squares: Square[] }[] {
  const told = new Map(days.map((one) => [one.day, one]))
  return Array.from({ length: 12 }, (_, index) => {
    const length = new Date(Date.UTC(year, index + 1, 0)).getUTCDate()
    const squares = Array.from({ length }, (_, at): Square => {
      const day = `${year}-${String(index + 1).padStart(2, '0')}-${String(at + 1).padStart(2, '0')}`
      const weekend = [0, 6].includes(new Date(Date.UTC(year, index, at + 1)).getUTCDay())
      const one = told.get(day)
      const mark: Mark = one ? (one.kind === 'holiday' ? 'holiday' : 'makeup') : weekend ? 'rest' : 'work'
      return { day, date: at + 1, mark, name: one?.name ?? '', provisional: one?.provisional ?? false }
    })
    return { month: index + 1, offset: (new Date(Date.UTC(year, index, 1)).getUTCDay() + 6) % 7, squares }
  })
}
