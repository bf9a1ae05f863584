/** The layers that the server offers, from the ground up; `from` is the zoom from which a layer is read and drawn. */
export const LAYERS = [
  { name: 'county', from: 0, whole: true },
  { name: 'subdistricts', from: 0, whole: true },
  { name: 'neighbourhoods', from: 10.5, whole: false },
  { name: 'grid-cells', from: 12.5, whole: false },
  { name: 'communities', from: 11, whole: false },
  { name: 'cases', from: 0, whole: false },
] as const

export type LayerName = (typeof LAYERS)[number]['name']

export type Box = [west: number, south: number, east: number, north: number]

/** A box grown on each side by a share of its size, so that small moves need no new data. */
export function grown([west, south, east, north]: Box, share: number): Box {
  const [dx, dy] = [(east - west) * share, (north - south) * share]
  return [Math.max(-180, west - dx), Math.max(-90, south - dy), Math.min(180, east + dx), Math.min(90, north + dy)]
}

/** Whether one box lies wholly inside another. */
export function inside(inner: Box, outer: Box): boolean {
  return inner[0] >= outer[0] && inner[1] >= outer[1] && inner[2] <= outer[2] && inner[3] <= outer[3]
}

/** A box as the API reads it: west,south,east,north in degrees. */
export function asQuery(box: Box): string {
  return box.map((degree) => degree.toFixed(6)).join(',')
}

/** The box around everything in a collection; null when it is empty. */
export function boxOf(collection: GeoJSON.FeatureCollection): Box | null {
  let box: Box | null = null
  const take = (position: unknown): void => {
    if (!Array.isArray(position)) return
    if (typeof position[0] !== 'number') return position.forEach(take)
    const [x, y] = position as [number, number]
    box = box ? [Math.min(box[0], x), Math.min(box[1], y), Math.max(box[2], x), Math.max(box[3], y)] : [x, y, x, y]
  }
  for (const { geometry } of collection.features) if (geometry && 'coordinates' in geometry) take(geometry.coordinates)
  return box
}
