import type { CalendarRecord } from '../protocol'
import { dayAfter, daysBetween, weekday } from './days'

// China keeps one zone and no summer time; a county of the plan lies in it.
const OFFSET_MS = 8 * 3_600_000
const FIXED_HOLIDAYS = new Set(['01-01', '05-01', '05-02', '10-01', '10-02', '10-03'])
const OFFICE_HOURS: [string, string][] = [
  ['08:30', '12:00'],
  ['14:00', '17:30'],
]
const LONGEST_LOOK_DAYS = 20_000

/** Work days and working time of a county, from the years that travelled. */
export class WorkCalendar {
  private readonly holidays: Set<string>
  private readonly makeUpDays: Set<string>
  private readonly years: Set<number>
  readonly hours: [string, string][]

  constructor(years: readonly CalendarRecord[]) {
    this.holidays = new Set(years.flatMap((one) => one.holidays))
    this.makeUpDays = new Set(years.flatMap((one) => one.make_up_days))
    // a year whose order was not yet given keeps weekends and the fixed holidays only
    this.years = new Set(years.filter((one) => !one.provisional).map((one) => one.year))
    this.hours = years.find((one) => one.hours.length > 0)?.hours ?? OFFICE_HOURS
  }

  isWorkDay(day: string): boolean {
    if (this.makeUpDays.has(day)) return true
    if (weekday(day) % 6 === 0 || this.holidays.has(day)) return false
    return this.years.has(Number(day.slice(0, 4))) || !FIXED_HOLIDAYS.has(day.slice(5))
  }

  /** How many work days lie after `first` up to and with `last`, 0 when it is not later. */
  workDaysBetween(first: string, last: string): number {
    let count = 0
    for (let ahead = 1; ahead <= daysBetween(first, last); ahead++) if (this.isWorkDay(dayAfter(first, ahead))) count++
    return count
  }

  /** The n-th work day after a day. */
  workDayAfter(day: string, n: number): string {
    let found = day
    for (let left = n, looked = 0; left > 0 && looked < LONGEST_LOOK_DAYS; looked++) {
      found = dayAfter(found)
      if (this.isWorkDay(found)) left--
    }
    return found
  }

  /** The instant at which a working day ends. */
  endOfWork(day: string): number {
    return instant(day, this.hours.at(-1)?.[1] ?? '17:30')
  }

  /** The earliest instant by which so much working time (ms) has passed since another. */
  addWork(start: number, workMs: number): number {
    let left = workMs
    let day = localDay(start)
    for (let looked = 0; looked < LONGEST_LOOK_DAYS; looked++, day = dayAfter(day)) {
      for (const [opens, closes] of this.isWorkDay(day) ? this.hours : []) {
        const begin = Math.max(instant(day, opens), start)
        const span = instant(day, closes) - begin
        if (span <= 0) continue
        if (left <= span) return begin + left
        left -= span
      }
    }
    return start
  }
}

/** The local day of an instant (ms since 1970). */
export function localDay(at: number): string {
  return new Date(at + OFFSET_MS).toISOString().slice(0, 10)
}

/** The instant (ms since 1970) of a local day and time of day. */
export function instant(day: string, time: string): number {
  return Date.parse(`${day}T${time}:00Z`) - OFFSET_MS
}
