import { describe, expect, it } from 'vitest'
import { ageOf, askedOf, daysBefore, featuresOf, percent } from './coverage'

describe('coverage', () => {
  it('tells never from long ago', () => {
    expect([null, undefined, 0, 7, 8, 30, 31].map(ageOf)).toEqual(['never', 'never', 'fresh', 'fresh', 'due', 'due', 'late'])
  })
  it('asks for the month up to today where the address says nothing', () => {
    expect(askedOf({}, '2026-03-01')).toEqual({ by: 'community', from: '2026-01-31', to: '2026-03-01', unvisited_days: '' })
    expect(askedOf({ by: 'moon', to: '2026-01-02', unvisited_days: '7' }, '2026-03-01')).toMatchObject({ by: 'community', from: '2025-12-04' })
  })
  it('leaves alone what is no day', () => {
    expect(daysBefore('soon', 3)).toBe('soon')
  })
  it('shows no share of nothing', () => {
    expect([percent(null), percent(0), percent(0.3333)]).toEqual(['—', '0 %', '33.3 %'])
  })
  it('draws only what has an outline', () => {
    const point: GeoJSON.Point = { type: 'Point', coordinates: [117, 35] }
    const rows = [{ key: 'a', name: 'A', visits: 0, geometry: point, days_since: 40 }, { key: 'b', name: 'B', visits: 0, geometry: null }]
    expect(featuresOf(rows).features.map(({ properties }) => properties)).toEqual([{ key: 'a', name: 'A', age: 'late' }])
  })
})
