import { describe, expect, it } from 'vitest'
import { inForce, toCome, type Rule } from './rules'

const value = (said: string, from: string, to: string | null, now = false) => ({ value: said, source: '', valid_from: from, valid_to: to, in_force: now })
const rule: Rule = {
  key: 'check_within_m',
  name: 'check_within_m',
  values: [value('45', '2026-12-01', null), value('30', '2026-01-01', '2026-12-01', true), value('20', '2025-01-01', '2026-01-01')],
}

describe('a rule', () => {
  it('tells what holds, and what will from a later day', () => {
    expect(inForce(rule)?.value).toBe('30')
    expect(toCome(rule, '2026-11-30')?.value).toBe('45')
    expect(toCome(rule, '2026-12-01')).toBeUndefined()
  })
})
