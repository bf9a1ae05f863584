import { describe, expect, it } from 'vitest'
import { day, distance, instantOf, moment } from './when'

describe('moments', () => {
  it('are read in the county, wherever the reader sits', () => {
    expect(moment('2026-11-22T16:05:59Z')).toBe('2026-11-23 00:05')
    expect(day('2026-11-22T16:05:59+00:00')).toBe('2026-11-23')
    expect(day('2016-01-01T04:30:00Z', 'America/New_York')).toBe('2015-12-31')
    expect(moment(null)).toBe('—')
  })

  it('typed by hand become instants of the county', () => {
    expect(new Date(instantOf('2026-12-01 17:30')).toISOString()).toBe('2026-12-01T09:30:00.000Z')
  })

  it.each([
    ['2026-11-25T12:00:00Z', { amount: 3, unit: 'day' }],
    ['2026-11-22T15:30:00Z', { amount: 3, unit: 'hour' }],
    ['2026-11-22T11:20:00Z', { amount: -40, unit: 'minute' }],
    ['2026-11-10T12:00:00Z', { amount: -12, unit: 'day' }],
  ])('lie %s from noon as %o', (at, expected) => {
    expect(distance(at, new Date('2026-11-22T12:00:00Z'))).toEqual(expected)
  })
})
