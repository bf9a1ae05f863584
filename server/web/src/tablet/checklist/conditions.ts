import type { Condition, Known } from './model'

/** An answer as conditions see it: in one of three states, with a value or without. */
export interface Read {
  state: 'value' | 'na' | 'not_inspected'
  value: unknown
}

/** Where a condition looks around: the instance first, then the inspection, then the world. */
export interface Scope {
  answer(code: string): Read | null
  daysSince(day: string): number
  workDaysSince(day: string): number
  fact(name: string): number | null
  firstSeenOn(): string | null
}

type Test = (value: unknown, operand: unknown, scope: Scope) => boolean

const amount = (value: unknown) => value as number
const day = (value: unknown) => String(value)

const TESTS: Record<string, Test> = {
  gte: (value, bound) => amount(value) >= amount(bound),
  gt: (value, bound) => amount(value) > amount(bound),
  lte: (value, bound) => amount(value) <= amount(bound),
  lt: (value, bound) => amount(value) < amount(bound),
  eq: (value, other) => value === other,
  any_of: (value, wanted) => [value].flat().some((one) => (wanted as unknown[]).includes(one)),
  missing_any: (value, wanted) => !(wanted as unknown[]).every((one) => (value as unknown[]).includes(one)),
  older_than_days: (value, days, scope) => scope.daysSince(day(value)) > amount(days),
  older_than_work_days: (value, days, scope) => scope.workDaysSince(day(value)) > amount(days),
  before_today: (value, wanted, scope) => scope.daysSince(day(value)) > 0 === wanted,
  within_days: (value, days, scope) => -scope.daysSince(day(value)) <= amount(days),
}

/** Whether a condition holds for an answer; a blank or missing answer meets no test. */
export function holds(condition: Condition, own: Read | null, scope: Scope): boolean {
  const answer = condition.item === undefined ? own : scope.answer(condition.item)
  if (condition.answered !== undefined && answer?.state !== (condition.answered ? 'value' : 'not_inspected')) return false
  if (!passes(condition, answer, scope)) return false
  if (condition.seen_before && !seen(scope, condition.seen_before.days)) return false
  if (!(condition.and ?? []).every((part) => holds(part, answer, scope))) return false
  return !condition.or?.length || condition.or.some((part) => holds(part, answer, scope))
}

function passes(condition: Condition, answer: Read | null, scope: Scope): boolean {
  const tests = Object.entries(condition).filter(([word]) => word in TESTS)
  if (tests.length === 0) return true
  if (answer === null || answer.value === null || answer.value === undefined) return false
  let value = answer.value
  if (condition.ratio_to !== undefined) {
    const whole = scope.answer(condition.ratio_to)?.value
    if (!whole) return false
    value = amount(value) / amount(whole)
  }
  return tests.every(([word, operand]) => TESTS[word]?.(value, resolved(operand, scope), scope))
}

function resolved(operand: unknown, scope: Scope): unknown {
  const known = operand as Known | null
  if (typeof known !== 'object' || known === null || !('fact' in known)) return operand
  return scope.fact(known.fact) ?? known.default
}

function seen(scope: Scope, days: number): boolean {
  const first = scope.firstSeenOn()
  return first !== null && scope.daysSince(first) >= days
}
