import { expect, it } from 'vitest'
import { dueAt } from './deadlines'
import { rulesAt, termsOf } from './rules'
import { WorkCalendar } from './workcalendar'
import type { RuleRecord } from '../protocol'

const CALENDAR = new WorkCalendar([
  { year: 2026, holidays: ['2026-10-01', '2026-10-02', '2026-10-05'], make_up_days: ['2026-10-10'], provisional: false, hours: [['08:30', '12:00'], ['14:00', '17:30']], zone: 'Asia/Shanghai' },
])
const at = (text: string) => Date.parse(text)
const rule = (over: Partial<RuleRecord>) => ({ category: 'dog_unlawful', severity: 'C', valid_from: '2019-06-10', valid_to: null, limit_amount: 5, limit_unit: 'wd', ...over }) as RuleRecord

it.each([
  ['urgent hours run through the night', '2026-09-30T22:00+08:00', 4, 'uh', '2026-10-01T02:00+08:00'],
  ['work days pass over holidays and weekends', '2026-09-30T09:00+08:00', 2, 'wd', '2026-10-07T17:30+08:00'],
  ['a weekend worked instead counts', '2026-10-09T09:00+08:00', 1, 'wd', '2026-10-10T17:30+08:00'],
  ['work hours pass over the noon break', '2026-09-30T11:00+08:00', 2, 'wh', '2026-09-30T15:00+08:00'],
  ['calendar days end at midnight', '2026-09-30T09:00+08:00', 1, 'cd', '2026-10-02T00:00+08:00'],
] as const)('%s', (_name, from, amount, unit, expected) => {
  expect(new Date(dueAt(at(from), amount, unit, CALENDAR)).toISOString()).toBe(new Date(expected).toISOString())
})

it('holds to the rule of the day, the later begun one of two, and to none that has ended', () => {
  const rules = [rule({}), rule({ valid_from: '2026-06-01', limit_amount: 2 }), rule({ severity: 'A', valid_to: '2026-09-30' }), rule({ severity: 'B', valid_from: '2027-01-01' })]
  const book = rulesAt(rules, at('2026-09-30T09:00+08:00'))

  expect(book.severities('dog_unlawful')).toEqual(['C'])
  expect(termsOf(book, 'dog_unlawful', 'C', at('2026-09-29T09:00+08:00'), CALENDAR)).toMatchObject({ rule: { limit_amount: 2 }, dueAt: at('2026-10-06T17:30+08:00') })
  expect(termsOf(book, 'dog_unlawful', 'A', at('2026-09-29T09:00+08:00'), CALENDAR)).toBeNull()
})
