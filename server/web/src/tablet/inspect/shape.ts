import type { LineString, Polygon, Position } from 'geojson'
import type { Area, LonLat } from '../device/geo'
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

/** Square metres of an area, its holes left out; 0 of a place. */
export function areaOfM2(area: Area): number {
  if (area.type === 'Point') return 0
  const polygons = area.type === 'Polygon' ? [area.coordinates] : area.coordinates
  const ringM2 = (ring: Position[]) => areaM2(ring.slice(0, -1).map(([lon = 0, lat = 0]) => ({ lon, lat })))
  return polygons.reduce((sum, [outer = [], ...holes]) => sum + ringM2(outer) - holes.reduce((all, hole) => all + ringM2(hole), 0), 0)
}

/** Whether an outline through these corners crosses itself: no area could be told of it. */
export function crosses(corners: readonly LonLat[]): boolean {
  const at = flattened(corners)
  const edges = at.map((corner, index) => [corner, at[(index + 1) % at.length]!] as const)
  return edges.some((one, index) =>
    edges.slice(index + 2).some((other, apart) => !(index === 0 && index + 2 + apart === edges.length - 1) && meet(one, other)),
  )
}

type Edge = readonly [from: [number, number], to: [number, number]]

function meet([a, b]: Edge, [c, d]: Edge): boolean {
  const beside = [0, 1].some((axis) => Math.max(a[axis]!, b[axis]!) < Math.min(c[axis]!, d[axis]!) || Math.max(c[axis]!, d[axis]!) < Math.min(a[axis]!, b[axis]!))
  return !beside && side(a, b, c) * side(a, b, d) <= 0 && side(c, d, a) * side(c, d, b) <= 0
}

function side([ax, ay]: [number, number], [bx, by]: [number, number], [x, y]: [number, number]): number {
  return Math.sign((bx - ax) * (y - ay) - (by - ay) * (x - ax))
}
