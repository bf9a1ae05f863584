import { describe, expect, it } from 'vitest'
import { bodyOf, differing, firstAnswers, inForce, rulesOf, setBy, toCome, type Column, type Row, type Table } from './rules'

const column = (name: string, kind: string, more: Partial<Column> = {}): Column => ({ name, kind, choices: [], least: null, most: null, optional: false, fixed: false, ...more })
const table: Table = {
  name: 'category_rules',
  path: '/api/v1/category-rules',
  withdraw: '/api/v1/category-rules/withdraw',
  foresee: '/api/v1/category-rules/foresee',
  day_fact: 'valid_from',
  fresh: false,
  key: [column('category', 'category'), column('severity', 'severity')],
  values: [column('limit_amount', 'integer'), column('limit_unit', 'limit_unit'), column('radius_m', 'integer', { optional: true }), column('scope', 'scope', { fixed: true })],
  may_set: true,
}
const row = (amount: number, valid_from: string, valid_to: string | null = null): Row => ({
  category: 'parking',
  severity: 'C',
  limit_amount: amount,
  limit_unit: 'wd',
  radius_m: 50,
  scope: 'distance',
  source: 'x',
  valid_from,
  valid_to,
})
const [rule] = rulesOf(table, [row(3, '2026-12-05'), row(1, '2025-01-01', '2026-01-01'), row(2, '2026-01-01')])

describe('a rule', () => {
  it('tells what holds and what is to come; a row ends where the next begins', () => {
    expect(rule?.rows.map((one) => [one.limit_amount, one.valid_to])).toEqual([[3, null], [2, '2026-12-05'], [1, '2026-01-01']])
    expect(inForce(rule!, '2026-11-30')?.limit_amount).toBe(2)
    expect(toCome(rule!, '2026-11-30')?.limit_amount).toBe(3)
    expect(toCome(rule!, '2026-12-05')).toBeUndefined()
  })
  it('tells who set a row, and what it changed', () => {
    const line = { at: '', action: 'rule.set', record: 'parking/C', by: '张三', facts: { valid_from: '2026-12-05' } }

    expect(setBy(table, [line], 'parking/C', rule!.rows[0]!)?.by).toBe('张三')
    expect(setBy(table, [line], 'parking/C', rule!.rows[1]!)).toBeUndefined()
    expect([...differing(table, rule!.rows[0]!, rule!.rows[1])]).toEqual(['limit_amount'])
  })
})

describe('a new row', () => {
  it('is sent with its key, numbers as numbers, and without what is fixed or empty', () => {
    const answers = { ...firstAnswers(table, rule!.rows[1], '2026-11-30'), limit_amount: '4', radius_m: '', source: '纪要' }

    expect(bodyOf(table, rule!, answers)).toEqual({ category: 'parking', severity: 'C', limit_amount: 4, limit_unit: 'wd', source: '纪要', valid_from: '2026-11-30' })
  })
})
