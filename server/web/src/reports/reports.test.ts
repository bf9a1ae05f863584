import { expect, test } from 'vitest'
import { change, listed, neighbour } from './reports'

test('the neighbour of a period begins beyond its edge, over months and years', () => {
  expect(neighbour('2026-03-01', -1)).toBe('2026-02-28')
  expect(neighbour('2026-12-31', 1)).toBe('2027-01-01')
})

test('a change carries its sign', () => {
  expect([change(5, 2), change(2, 5), change(3, 3)]).toEqual(['+3', '−3', ''])
})

test('a number leads to the page that asks the same question', () => {
  const number = { cases: 2, list: '/api/v1/cases?as_of=2026-11-01&state=filed%2Cdispatched' }
  expect(listed(number)).toEqual({ name: 'ledger', query: { as_of: '2026-11-01', state: 'filed,dispatched' } })
  expect(listed({ cases: 2, list: '/api/v1/hotline/orders?replied_from=2026-11-01' })).toEqual({ name: 'hotline', query: { replied_from: '2026-11-01' } })
  expect(listed({ cases: 2, list: null })).toBeNull()
})
