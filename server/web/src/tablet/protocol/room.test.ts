import { describe, expect, it } from 'vitest'
import { dayBytes, roomOf, roomTried } from './room'

const NOW = Date.parse('2026-11-22T08:00:00Z')
const MB = 1_000_000
const photo = (days: number, size: number) => ({ added_at: new Date(NOW - days * 86_400_000 - 1000).toISOString(), size })

describe('room for photos', () => {
  it.each([
    ['a browser that tells nothing', 0, 0, 'enough'],
    ['more than two days of work', 100, 209, 'enough'],
    ['less than two days of work', 100, 207, 'tight'],
    ['less than one photo may need', 100, 119, 'full'],
    ['more used than allowed', 100, 90, 'full'],
  ])('with %s: %i of %i MB is %s', (_, used, quota, room) => {
    expect(roomOf(used * MB, quota * MB, 54 * MB)).toBe(room)
  })

  it.each([
    ['all that is asked for', Infinity, 'enough'],
    ['a day of work', 60, 'tight'],
    ['not even a few photos', 19, 'full'],
  ])('is found out by trying where a browser tells of too much: it gives %s', async (_, given, room) => {
    expect(await roomTried(async (bytes) => bytes <= given * MB, 54 * MB)).toBe(room)
  })

  it('is reckoned by the busiest of the last two weeks, and never by less than a busy day', () => {
    expect(dayBytes([], NOW)).toBe(54 * MB)
    expect(dayBytes([photo(0, 40 * MB), photo(0, 50 * MB), photo(3, 70 * MB)], NOW)).toBe(90 * MB)
    expect(dayBytes([photo(20, 400 * MB)], NOW)).toBe(54 * MB)
  })
})
