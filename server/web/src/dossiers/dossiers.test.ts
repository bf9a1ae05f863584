import { expect, test } from 'vitest'
import { placing, rings } from './dossiers'

const square = { type: 'Polygon' as const, coordinates: [[[117, 35], [117.002, 35], [117.002, 35.001], [117, 35.001], [117, 35]]] }

test('north is up, the whole outline fits, and metres are as long both ways', () => {
  const points = rings(square).flat()
  const { at, height } = placing(points, 400, 10)
  const [west, north] = at([117, 35.001])
  const [east, south] = at([117.002, 35])

  expect([west, north].every((value) => value >= 10)).toBe(true)
  expect(east).toBeLessThanOrEqual(390)
  expect(south).toBeCloseTo(height - 10)
  expect((east - west) / (south - north)).toBeCloseTo(2 * Math.cos((35.0005 * Math.PI) / 180))
})

test('several polygons give all their rings', () => {
  expect(rings({ type: 'MultiPolygon', coordinates: [square.coordinates, square.coordinates] })).toHaveLength(2)
})
