import { readFileSync } from 'node:fs'
import { dueAt, type LimitUnit } from './deadlines'
import { judge } from './judge'
import type { Answers, Checklist } from './model'
import { WorkCalendar } from './workcalendar'

// Asked by the server's own tests over standard input, to hold this judge and these deadlines against Python's.

interface Asked {
  what: 'judge' | 'deadlines'
  calendar: ConstructorParameters<typeof WorkCalendar>[0]
  checklists: Checklist[]
  severities: Record<string, string[]>
  cases: { code: string; answers: Answers; today: string }[]
  limits: [number, number, LimitUnit][]
}

const asked = JSON.parse(readFileSync(0, 'utf8')) as Asked
const calendar = new WorkCalendar(asked.calendar)

function judged(): unknown {
  return asked.cases.map(({ code, answers, today }) =>
    judge(asked.checklists.find((one) => one.code === code)!, answers, {
      today,
      calendar,
      severities: (category) => asked.severities[category] ?? [],
      fact: (asset, name) => (asset === 'lift-7' && name === 'maintenance_interval_days' ? 30 : null),
      firstSeen: (group, instance) => (group === 'vehicles' && instance === 0 ? dayBefore(today, 20) : null),
    }),
  )
}

function dayBefore(day: string, days: number): string {
  return new Date(Date.parse(day) - days * 86_400_000).toISOString().slice(0, 10)
}

const answer = asked.what === 'judge' ? judged() : asked.limits.map(([at, amount, unit]) => dueAt(at, amount, unit, calendar))
process.stdout.write(JSON.stringify(answer))
