import { expect, it } from 'vitest'
import { fromDatum, moved, toDatum } from './datum'

it('places are moved as the server moves them', () => {
  const close = (one: number[], other: number[]) => one.every((value, at) => Math.abs(value - other[at]!) < 1e-10)
  expect(close(toDatum([117.27, 35.66], 'gcj02'), [117.27588507859808, 35.659916205930706])).toBe(true)
  expect(close(toDatum([117.27, 35.66], 'bd09'), [117.28243405352954, 35.66581452657923])).toBe(true)
  expect(toDatum([139, 35], 'gcj02')).toEqual([139, 35])
  expect(toDatum([117.27, 35.66], 'cgcs2000')).toEqual([117.27, 35.66])
})

it('what is moved comes back to less than a hundredth of a millimetre', () => {
  for (const datum of ['gcj02', 'bd09'] as const) {
    const [lon, lat] = fromDatum(toDatum([117.2812345, 35.6612345], datum), datum)
    expect(Math.abs(lon - 117.2812345) + Math.abs(lat - 35.6612345)).toBeLessThan(1e-10)
  }
})

it('a collection is moved corner by corner, and left alone where nothing has to move', () => {
  const told: GeoJSON.FeatureCollection = {
    type: 'FeatureCollection',
    features: [
      { type: 'Feature', properties: { a: 1 }, geometry: { type: 'LineString', coordinates: [[117.27, 35.66], [139, 35]] } },
      { type: 'Feature', properties: {}, geometry: null as never },
    ],
  }
  expect(moved(told, 'wgs84')).toBe(told)
  const there = moved(told, 'gcj02').features[0]!.geometry as GeoJSON.LineString
  expect(there.coordinates[0]![0]).toBeCloseTo(117.275885, 6)
  expect(there.coordinates[1]).toEqual([139, 35])
})
