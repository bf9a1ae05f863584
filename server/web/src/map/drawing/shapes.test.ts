import { expect, it } from 'vitest'
import { partsOf, rightToMove, wholeOf } from './shapes'

const ring = [[0, 0], [1, 0], [1, 1], [0, 0]]

it('an outline of several parts falls apart for the pen and comes together again', () => {
  const outline: GeoJSON.MultiPolygon = { type: 'MultiPolygon', coordinates: [[ring], [ring]] }
  const parts = partsOf(outline)
  expect(parts).toHaveLength(2)
  expect(wholeOf(parts!, 'MultiPolygon')).toEqual(outline)
  expect(wholeOf(partsOf({ type: 'Point', coordinates: [1, 2] })!, 'Point')).toEqual({ type: 'Point', coordinates: [1, 2] })
  expect(wholeOf([], 'Polygon')).toBeNull()
})

it('what has holes is left to desktop GIS', () => {
  expect(partsOf({ type: 'Polygon', coordinates: [ring, ring] })).toBeNull()
})

it('each thing names the right that moving it needs', () => {
  expect([rightToMove('communities'), rightToMove('open-ground'), rightToMove('county')]).toEqual(['community.edit', 'open_ground.edit', null])
})
