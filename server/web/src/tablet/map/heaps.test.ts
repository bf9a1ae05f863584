import { describe, expect, it } from 'vitest'
import { spotOf } from './camera'
import { apartAt, heaped, SINGLE_FROM_ZOOM, type CaseSpot } from './heaps'

const a = (id: string, lon: number, signal: CaseSpot['signal'] = 'green'): CaseSpot => ({ id, signal, ...spotOf({ lon, lat: 35.65 }) })
const idsOf = (spots: readonly CaseSpot[], zoom: number) => heaped(spots, zoom).map((heap) => heap.of.map((spot) => spot.id))

describe('cases on the map', () => {
  // At zoom 15 a pixel is about 0.0000215 degrees wide: 40 px are 0.00086.
  it.each([
    ['near one another are one heap', 0.0005, [['1', '2']]],
    ['far from one another stand alone', 0.002, [['1'], ['2']]],
  ])('that lie %s', (_, apart, expected) => {
    expect(idsOf([a('1', 117.27), a('2', 117.27 + apart)], 15)).toEqual(expected)
  })

  it('show the worst of a heap, in its middle', () => {
    const [heap] = heaped([a('1', 117.27, 'none'), a('2', 117.2702, 'red'), a('3', 117.2704, 'green')], 15)
    expect(heap?.signal).toBe('red')
    expect(heap?.x).toBeCloseTo(a('2', 117.2702).x, 12)
  })

  it('are each in exactly one heap, at any zoom', () => {
    const spots = Array.from({ length: 700 }, (_, n) => a(String(n), 117.27 + ((n * 7919) % 997) / 40_000))
    for (const zoom of [9, 12.4, 15, 17, 18, 20]) {
      const ids = idsOf(spots, zoom).flat()
      expect(new Set(ids).size).toBe(700)
      expect(ids).toHaveLength(700)
    }
  })

  it('stand by themselves from the last steps of zooming on, even on one spot', () => {
    const spots = [a('1', 117.27), a('2', 117.27)]
    expect(idsOf(spots, 17)).toEqual([['1', '2']])
    expect(idsOf(spots, SINGLE_FROM_ZOOM)).toEqual([['1'], ['2']])
  })

  it('fall apart at the first zoom at which they no longer touch', () => {
    const [heap] = heaped([a('1', 117.27), a('2', 117.2705)], 13)
    expect(apartAt(heap!, 13.2)).toBe(16)
    const [one] = heaped([a('1', 117.27), a('2', 117.27)], 13)
    expect(apartAt(one!, 13)).toBe(SINGLE_FROM_ZOOM)
  })
})
