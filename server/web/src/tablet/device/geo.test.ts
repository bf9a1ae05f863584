import { describe, expect, it } from 'vitest'
import type { Polygon } from 'geojson'
import { boxOf, metresBetween, metresTo, middleOf } from './geo'
import { isNews, lengthOf } from './track'

const SQUARE: Polygon = { type: 'Polygon', coordinates: [[[117.27, 35.65], [117.271, 35.65], [117.271, 35.651], [117.27, 35.651], [117.27, 35.65]]] }

describe('distances', () => {
  it('are metres on the ground, not on a web map', () => {
    expect(metresBetween({ lon: 117.27, lat: 35.65 }, { lon: 117.28, lat: 35.65 })).toBeCloseTo(904, -1)
    expect(metresBetween({ lon: 117.27, lat: 35.65 }, { lon: 117.27, lat: 35.66 })).toBeCloseTo(1112, -1)
  })

  it('to an area end at its nearest edge and are none inside', () => {
    expect(metresTo(SQUARE, { lon: 117.2705, lat: 35.6505 })).toBe(0)
    expect(metresTo(SQUARE, { lon: 117.269, lat: 35.6505 })).toBeCloseTo(90, 0)
    expect(metresTo({ type: 'MultiPolygon', coordinates: [SQUARE.coordinates] }, { lon: 117.2705, lat: 35.6505 })).toBe(0)
  })

  it('know the middle and the box of areas', () => {
    expect(middleOf(SQUARE).lat).toBeCloseTo(35.6505, 6)
    expect(boxOf([SQUARE])).toEqual([117.27, 35.65, 117.271, 35.651])
    expect(boxOf([])).toBeNull()
  })
})

describe('a track', () => {
  const point = (lon: number, at: string, accuracy_m = 5) => ({ lon, lat: 35.65, at, accuracy_m })

  it.each([
    ['begins with the first fix that is good enough', undefined, point(117.27, '2026-11-30T01:00:00Z'), true],
    ['takes no fix from a basement', undefined, point(117.27, '2026-11-30T01:00:00Z', 500), false],
    ['leaves out a worker who stands still', point(117.27, '2026-11-30T01:00:00Z'), point(117.27001, '2026-11-30T01:00:20Z'), false],
    ['but says once a minute that he is there', point(117.27, '2026-11-30T01:00:00Z'), point(117.27, '2026-11-30T01:01:00Z'), true],
    ['takes each step', point(117.27, '2026-11-30T01:00:00Z'), point(117.2702, '2026-11-30T01:00:05Z'), true],
  ])('%s', (_name, last, next, expected) => {
    expect(isNews(last, next)).toBe(expected)
  })

  it('is as long as its steps', () => {
    expect(lengthOf([point(117.27, ''), point(117.271, ''), point(117.27, '')])).toBeCloseTo(181, 0)
    expect(lengthOf([])).toBe(0)
  })
})
