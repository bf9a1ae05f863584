import type { MultiPolygon, Point, Polygon, Position } from 'geojson'

export interface LonLat {
  lon: number
  lat: number
}

export type Area = Polygon | MultiPolygon | Point

const METRES_PER_DEGREE = 111_195
const RADIAN = Math.PI / 180

/** Metres between two places; good to a few parts in a thousand within a county. */
export function metresBetween(one: LonLat, other: LonLat): number {
  const { x, y } = flat(other.lon, other.lat, one)
  return Math.hypot(x, y)
}

/** Metres from a place to the nearest edge of an area; 0 inside it. */
export function metresTo(area: Area, from: LonLat): number {
  if (area.type === 'Point') return metresBetween(from, { lon: area.coordinates[0] ?? 0, lat: area.coordinates[1] ?? 0 })
  const polygons = area.type === 'Polygon' ? [area.coordinates] : area.coordinates
  let nearest = Infinity
  for (const rings of polygons) {
    if (rings.reduce((within, ring) => within !== encloses(ring, from), false)) return 0
    for (const ring of rings) for (let n = 1; n < ring.length; n++) nearest = Math.min(nearest, toEdge(ring[n - 1]!, ring[n]!, from))
  }
  return nearest
}

/** The middle of the box around an area: where its label and its distance are measured. */
export function middleOf(area: Area): LonLat {
  const box = boxOf([area])
  return box ? { lon: (box[0] + box[2]) / 2, lat: (box[1] + box[3]) / 2 } : { lon: 0, lat: 0 }
}

/** West, south, east, north of some areas; null when there are none. */
export function boxOf(areas: readonly Area[]): [number, number, number, number] | null {
  const positions = areas.flatMap(positionsOf)
  if (positions.length === 0) return null
  const box: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const [lon = 0, lat = 0] of positions) {
    box[0] = Math.min(box[0], lon)
    box[1] = Math.min(box[1], lat)
    box[2] = Math.max(box[2], lon)
    box[3] = Math.max(box[3], lat)
  }
  return box
}

function positionsOf(area: Area): Position[] {
  if (area.type === 'Point') return [area.coordinates]
  return area.type === 'Polygon' ? area.coordinates.flat() : area.coordinates.flat(2)
}

function flat(lon: number, lat: number, origin: LonLat): { x: number; y: number } {
  const y = (lat - origin.lat) * METRES_PER_DEGREE
  const x = (lon - origin.lon) * METRES_PER_DEGREE * Math.cos(((lat + origin.lat) / 2) * RADIAN)
  return { x, y }
}

function encloses(ring: Position[], { lon, lat }: LonLat): boolean {
  let within = false
  for (let n = 0, last = ring.length - 1; n < ring.length; last = n++) {
    const [x1 = 0, y1 = 0] = ring[n]!
    const [x2 = 0, y2 = 0] = ring[last]!
    if (y1 > lat !== y2 > lat && lon < ((x2 - x1) * (lat - y1)) / (y2 - y1) + x1) within = !within
  }
  return within
}

function toEdge([lon1 = 0, lat1 = 0]: Position, [lon2 = 0, lat2 = 0]: Position, from: LonLat): number {
  const one = flat(lon1, lat1, from)
  const other = flat(lon2, lat2, from)
  const [dx, dy] = [other.x - one.x, other.y - one.y]
  const length = dx * dx + dy * dy
  const along = length === 0 ? 0 : Math.max(0, Math.min(1, -(one.x * dx + one.y * dy) / length))
  return Math.hypot(one.x + along * dx, one.y + along * dy)
}
