/**
 * The layers that the server offers, from the ground up: the zoom from which one is read and drawn, whether it is
 * read as a whole, by tile or else by box, and the right that its reader needs.
 */
export const LAYERS = [
  { name: 'county', from: 0, whole: true, tiled: false, right: 'neighbourhoods.list' },
  { name: 'subdistricts', from: 0, whole: true, tiled: false, right: 'neighbourhoods.list' },
  { name: 'neighbourhoods', from: 10.5, whole: false, tiled: false, right: 'neighbourhoods.list' },
  { name: 'grid-cells', from: 12.5, whole: false, tiled: false, right: 'grid_cells.list' },
  { name: 'communities', from: 11, whole: false, tiled: true, right: 'communities.list' },
  { name: 'open-ground', from: 14, whole: false, tiled: true, right: 'communities.list' },
  { name: 'fire-lanes', from: 14, whole: false, tiled: true, right: 'communities.list' },
  { name: 'buildings', from: 14, whole: false, tiled: true, right: 'communities.list' },
  { name: 'footways', from: 14.5, whole: false, tiled: true, right: 'communities.list' },
  { name: 'gates', from: 15, whole: false, tiled: true, right: 'communities.list' },
  { name: 'entrances', from: 16, whole: false, tiled: true, right: 'communities.list' },
  { name: 'coverage', from: 11, whole: false, tiled: true, right: 'coverage.list' },
  { name: 'cell-faults', from: 0, whole: false, tiled: true, right: 'grid_cells.list' },
  { name: 'tracks', from: 10, whole: false, tiled: true, right: 'tracks.draw' },
  { name: 'charging-cases', from: 0, whole: false, tiled: true, right: 'charging_cases.list' },
  { name: 'cases', from: 0, whole: false, tiled: true, right: 'cases.list' },
] as const

export type LayerName = (typeof LAYERS)[number]['name']

/** What is put away until somebody asks for it: it would hide the rest, or is of a special interest. */
export const PUT_AWAY: readonly LayerName[] = ['coverage', 'tracks', 'footways', 'charging-cases']

/** What every map can stand on: divisions and cells, read as a whole or by box. */
export const GROUND: readonly LayerName[] = LAYERS.filter(({ tiled }) => !tiled).map(({ name }) => name)

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

/** The layers among these that a reader with some rights may see, from the ground up. */
export function layersFor(may: (right: string) => boolean): LayerName[] {
  // Who sees every case needs no layer of some of them.
  return LAYERS.filter(({ name, right }) => may(right) && !(name === 'charging-cases' && may('cases.list'))).map(({ name }) => name)
}

/** Whether a place is drawn from a seed: itself, or the outline given to an official name. */
export function isDemo(properties: Record<string, unknown> | null): boolean {
  return properties?.origin === 'demo' || properties?.outline_origin === 'demo'
}
