import { describe, expect, it } from 'vitest'
import { filtersOf } from '@/ledger/filters'
import { listed, ofCases, spent, type Figure } from './figures'

const figure: Figure = {
  cases: 3,
  times: null,
  mean_h: null,
  median_h: null,
  p90_h: null,
  list: '/api/v1/cases?severity=A%2CB&opened_from=2026-11-01&group_by=unit&group=-&figure=open_late',
}

describe('a figure', () => {
  it('leads to the ledger with every part of its question, and the ledger keeps each', () => {
    const query = listed(figure)
    expect(query).toEqual({ severity: 'A,B', opened_from: '2026-11-01', group_by: 'unit', group: '-', figure: 'open_late' })
    expect(filtersOf(query as Record<string, string>)).toEqual(query)
  })
  it('is one of cases unless it belongs to a link', () => {
    expect(ofCases(['reported', 'treat_done', 'treat_late', 'closed_late'])).toEqual(['reported', 'closed_late'])
  })
  it('tells hours up to two days, then days', () => {
    expect(spent(null)).toBeNull()
    expect(spent(0.27)).toEqual({ value: 0.3, unit: 'hours' })
    expect(spent(60)).toEqual({ value: 2.5, unit: 'days' })
  })
})
