import type { LineString, Polygon } from 'geojson'
import type { LonLat } from '../device/geo'
import { metresBetween } from '../device/geo'

export type Drawn = LineString | Polygon
const LEAST = { LineString: 2, Polygon: 3 } as const

/** The corners of a shape in the order they were walked; an area's closing corner is left out. */
export function cornersOf(shape: Drawn | null | undefined): LonLat[] {
  if (!shape) return []
  const positions = shape.type === 'LineString' ? shape.coordinates : (shape.coordinates[0] ?? []).slice(0, -1)
  return positions.map(([lon = 0, lat = 0]) => ({ lon, lat }))
}

/** The shape through these corners; null while there are too few. */
export function shapeOf(type: Drawn['type'], corners: readonly LonLat[]): Drawn | null {
  if (corners.length < LEAST[type]) return null
  const positions = corners.map(({ lon, lat }) => [lon, lat])
  return type === 'LineString' ? { type, coordinates: positions } : { type, coordinates: [[...positions, positions[0]!]] }
}

export function leastCorners(type: Drawn['type']): number {
  return LEAST[type]
}

export function lengthM(corners: readonly LonLat[]): number {
  return corners.reduce((sum, corner, index) => (index === 0 ? 0 : sum + metresBetween(corners[index - 1]!, corner)), 0)
}

/** Square metres within the corners. */
export function areaM2(corners: readonly LonLat[]): number {
  const flat = flattened(corners)
  const twice = flat.reduce((sum, [x, y], index) => {
    const [nextX, nextY] = flat[(index + 1) % flat.length]!
    return sum + x * nextY - nextX * y
  }, 0)
  return Math.abs(twice) / 2
}

/** Metres east and north of the first corner. */
export function flattened(corners: readonly LonLat[]): [number, number][] {
  const origin = corners[0]
  if (!origin) return []
  const east = 111_195 * Math.cos((origin.lat * Math.PI) / 180)
  return corners.map(({ lon, lat }) => [(lon - origin.lon) * east, (lat - origin.lat) * 111_195])
}
