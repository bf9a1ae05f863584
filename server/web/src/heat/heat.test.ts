import { describe, expect, it } from 'vitest'
import { addressOf, askedOf, breaksOf, behind, daysOf, levelOf, oneMonth, told, type Slices } from './heat'

describe('the address', () => {
  it('asks for what it says and leaves the rest as usual', () => {
    expect(askedOf({ by: 'h3', resolution: '9', metric: 'open' })).toMatchObject({ by: 'h3', resolution: 9, metric: 'open' })
    expect(askedOf({ by: 'street', resolution: '99' })).toMatchObject({ by: 'grid_cell', resolution: 8, metric: 'count' })
  })

  it('never asks hexagons for households', () => {
    expect(askedOf({ by: 'h3', metric: 'per_100_households' }).metric).toBe('count')
  })

  it('comes back from its own question', () => {
    const asked = askedOf({ by: 'community', metric: 'open', severity: 'A', from: '2026-01-01', to: '2026-03-31' })
    expect(askedOf(addressOf(asked) as never)).toEqual(asked)
  })
})

describe('what stands behind a place', () => {
  const asked = askedOf({ by: 'community', category: 'fly_wires', from: '2026-02-10' })

  it('has the same filter', () => {
    expect(behind(asked, 'x', null)).toEqual({ name: 'ledger', query: { community_id: 'x', category: 'fly_wires', opened_from: '2026-02-10' } })
  })

  it('has the days of the month within the period', () => {
    expect(behind(asked, 'x', '2026-02').query).toMatchObject({ opened_from: '2026-02-10', opened_to: '2026-02-28' })
    expect(daysOf('2028-02')).toEqual(['2028-02-01', '2028-02-29'])
  })

  it('are inspections where violations are counted', () => {
    const found = askedOf({ what: 'violations', by: 'h3', item: 'lamp_broken', to: '2026-02-10' })
    expect(behind(found, '88', null)).toEqual({
      name: 'inspections',
      query: { violating: 'true', hexagon: '88', inspected_to: '2026-02-10', item: 'lamp_broken' },
    })
    expect(askedOf({ item: 'lamp_broken' }).item).toBeUndefined()
  })
})

describe('classes', () => {
  it('part values into five, the highest always darkest', () => {
    const breaks = breaksOf([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0, null])
    expect(breaks).toEqual([3, 5, 7, 9])
    expect([null, 0, 1, 3, 10].map((value) => levelOf(value, breaks))).toEqual([-1, 0, 1, 2, 5])
  })

  it('need no more colours than values', () => {
    const breaks = breaksOf([1, 1, 1, 1, 4])
    expect([1, 4].map((value) => levelOf(value, breaks))).toEqual([4, 5])
    expect(breaksOf([])).toEqual([])
    expect(levelOf(2, [])).toBe(5)
  })
})

it('a month keeps what was not visited apart from what was quiet', () => {
  const item = { place: 'a', values: [null, 0], smoothed: [null, null], counts: [0, 0], visited: [false, true] }
  const slices: Slices = { months: ['2026-01', '2026-02'], totals: [0, 0], items: [item] }
  expect(oneMonth(slices, 0).get('a')).toMatchObject({ value: null, visited: false })
  expect(oneMonth(slices, 1).get('a')).toMatchObject({ value: 0, visited: true })
})

it('figures are short', () => {
  expect([null, 3, 0.128, 12.345].map(told)).toEqual(['—', '3', '0.13', '12.3'])
})
