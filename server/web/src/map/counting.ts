import type { MapGeoJSONFeature } from 'maplibre-gl'

type Shown = Pick<MapGeoJSONFeature, 'id' | 'properties'>

/** How many things these features stand for: each once, however many tiles it reaches over; heaps by their count. */
export function countOf(features: Shown[]): number {
  const heaps = features.filter(({ properties }) => properties.aggregated)
  const single = new Set(features.filter(({ properties }) => !properties.aggregated).map(({ id }) => id))
  return single.size + heaps.reduce((sum, { properties }) => sum + Number(properties.count), 0)
}
