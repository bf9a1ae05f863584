/** A position as [lon, lat]. */
export type Spot = [number, number]

const METRES_PER_DEGREE = 111_320

/** The position that a `{lon, lat}` and nothing else tells; null for anything else. */
export function spotOf(value: unknown): Spot | null {
  if (typeof value !== 'object' || value === null || !('lon' in value) || Object.keys(value).length !== 2) return null
  return linesOf(value)?.[0]?.[0] ?? null
}

/** The rings, lines and points of a GeoJSON geometry or of a `{lon, lat}`; null for anything else. */
export function linesOf(value: unknown): Spot[][] | null {
  if (typeof value !== 'object' || value === null) return null
  if ('lon' in value && 'lat' in value) {
    const spot: Spot = [Number(value.lon), Number(value.lat)]
    return spot.every(Number.isFinite) ? [[spot]] : null
  }
  if (!('coordinates' in value) || !Array.isArray(value.coordinates)) return null
  const lines = gathered(value.coordinates)
  return lines.length ? lines : null
}

function gathered(node: unknown[]): Spot[][] {
  if (isSpot(node)) return [[[node[0], node[1]]]]
  if (node.length && node.every((one) => Array.isArray(one) && isSpot(one)))
    return [(node as number[][]).map((one): Spot => [one[0]!, one[1]!])]
  return node.flatMap((one) => (Array.isArray(one) ? gathered(one) : []))
}

function isSpot(node: unknown[]): node is [number, number] {
  return node.length >= 2 && typeof node[0] === 'number' && typeof node[1] === 'number'
}

/** How shapes lie within one square: metres east and north of the middle, and half the square's side. */
export function frameOf(shapes: Spot[][][]): { place: (spot: Spot) => Spot; half: number } {
  const spots = shapes.flat(2)
  const [west, east] = span(spots.map((spot) => spot[0]))
  const [south, north] = span(spots.map((spot) => spot[1]))
  const middle: Spot = [(west + east) / 2, (south + north) / 2]
  const eastward = METRES_PER_DEGREE * Math.cos((middle[1] * Math.PI) / 180)
  const place = ([lon, lat]: Spot): Spot => [(lon - middle[0]) * eastward, (lat - middle[1]) * METRES_PER_DEGREE]
  const half = Math.max(((east - west) / 2) * eastward, ((north - south) / 2) * METRES_PER_DEGREE, 5)
  return { place, half: half * 1.25 }
}

function span(values: number[]): [number, number] {
  return [Math.min(...values), Math.max(...values)]
}

/** Metres between the middles of two shapes. */
export function apart(one: Spot[][], other: Spot[][]): number {
  const { place } = frameOf([one, other])
  const [from, to] = [one, other].map((shape) => place(middleOf(shape))) as [Spot, Spot]
  return Math.hypot(to[0] - from[0], to[1] - from[1])
}

function middleOf(shape: Spot[][]): Spot {
  const [west, east] = span(shape.flat().map((spot) => spot[0]))
  const [south, north] = span(shape.flat().map((spot) => spot[1]))
  return [(west + east) / 2, (south + north) / 2]
}
