import { describe, expect, it } from 'vitest'
import { asQuery, boxOf, grown, inside, type Box } from './layers'

const view: Box = [117.2, 35.6, 117.3, 35.7]

describe('boxes', () => {
  it('hold themselves and what lies inside, not what sticks out', () => {
    expect(inside(view, grown(view, 0.5))).toBe(true)
    expect(inside(view, view)).toBe(true)
    expect(inside(grown(view, 0.1), view)).toBe(false)
  })

  it('stay on the globe', () => {
    expect(grown([-179, -89, 179, 89], 1)).toEqual([-180, -90, 180, 90])
  })

  it('are told to the server as west, south, east, north', () => {
    expect(asQuery(view)).toBe('117.200000,35.600000,117.300000,35.700000')
  })

  it('surround points, polygons and several parts', () => {
    const feature = (geometry: GeoJSON.Geometry) => ({ type: 'Feature' as const, properties: {}, geometry })
    const features = [
      feature({ type: 'Point', coordinates: [1, 2] }),
      feature({ type: 'MultiPolygon', coordinates: [[[[3, 4], [5, 4], [5, 9], [3, 4]]]] }),
    ]
    expect(boxOf({ type: 'FeatureCollection', features })).toEqual([1, 2, 5, 9])
    expect(boxOf({ type: 'FeatureCollection', features: [] })).toBeNull()
  })
})
