const ZONE = 'Asia/Shanghai'

/** An instant as the county reads it, to the minute: 2026-11-22 16:05. A dash when there is none. */
export function moment(at: string | null | undefined): string {
  if (!at) return '—'
  const part = parts(new Date(at))
  return `${part.year}-${part.month}-${part.day} ${part.hour}:${part.minute}`
}

/** The local date of an instant, in the county's zone or another: 2026-11-22. A dash when there is none. */
export function day(at: string | null | undefined, zone = ZONE): string {
  if (!at) return '—'
  const part = parts(new Date(at), zone)
  return `${part.year}-${part.month}-${part.day}`
}

/** A local date and time as typed (2026-11-22 17:30) as an aware instant of the county's zone. */
export function instantOf(local: string): string {
  return `${local.replace(' ', 'T')}:00+08:00`
}

function parts(date: Date, zone = ZONE): Record<string, string> {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  return Object.fromEntries(format.formatToParts(date).map((part) => [part.type, part.value]))
}

/** Time left until an instant, as a number and a unit; negative when it has passed. */
export function distance(at: string, now: Date): { amount: number; unit: 'day' | 'hour' | 'minute' } {
  const minutes = Math.round((new Date(at).getTime() - now.getTime()) / 60_000)
  if (Math.abs(minutes) >= 2880) return { amount: Math.trunc(minutes / 1440), unit: 'day' }
  if (Math.abs(minutes) >= 120) return { amount: Math.trunc(minutes / 60), unit: 'hour' }
  return { amount: minutes, unit: 'minute' }
}

/** `distance` in words: "in 3 days", "2 小时前". */
export function relative(at: string, now: Date, language: string): string {
  const { amount, unit } = distance(at, now)
  return new Intl.RelativeTimeFormat(language, { numeric: 'always' }).format(amount, unit)
}
