import { dayAfter } from './days'
import { instant, localDay, type WorkCalendar } from './workcalendar'

export type LimitUnit = 'uh' | 'wh' | 'wd' | 'cd'
const HOUR_MS = 3_600_000

/**
 * When a limit ends (ms since 1970). Urgent hours run round the clock, work hours in working time; for days the
 * filing day does not count: the n-th work day ends at the end of work, the n-th calendar day at midnight.
 */
export function dueAt(filedAt: number, amount: number, unit: LimitUnit, calendar: WorkCalendar): number {
  const today = localDay(filedAt)
  if (unit === 'uh') return filedAt + amount * HOUR_MS
  if (unit === 'wh') return calendar.addWork(filedAt, amount * HOUR_MS)
  if (unit === 'wd') return calendar.endOfWork(calendar.workDayAfter(today, amount))
  return instant(dayAfter(today, amount + 1), '00:00')
}
