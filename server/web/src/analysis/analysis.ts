import type { LocationQuery } from 'vue-router'
import type { Heat, HotSpots, Standing } from '@/heat/heat'

/** A foreign set of points that was taken in. */
export interface AnalysisLayer {
  name: string
  own: boolean
  points: number
  metric_srid: number
  time_zone: string
  bbox: [number, number, number, number]
  first_at: string | null
  last_at: string | null
  file_name: string
  licence: string
  source: string
  categories?: { category: string; points: number }[]
}
export interface LayerHeat extends GeoJSON.FeatureCollection<GeoJSON.Polygon, { place: string; count: number }> {
  records: number
  places: number
  placeholder_count: number
  placeholders: { lon: number; lat: number; records: number }[]
}
export type LayerSpots = HotSpots & { placeholders: LayerHeat['placeholders']; hot_alone: number; hot_alone_empty: number }

export const SIZES = ['250', '500', '1000', '2000'] as const
export const RESOLUTIONS = ['7', '8', '9', '10'] as const

/** What the page asks of a layer: its address holds exactly this. */
export interface Asked {
  layer: string
  by: 'lattice' | 'h3'
  size: string
  category?: string
  from?: string
  to?: string
}

/** The question that an address asks; what it does not know is left out. */
export function askedOf(query: LocationQuery): Asked | null {
  const one = (name: string) => [query[name]].flat()[0]?.trim() || undefined
  const layer = one('layer')
  if (!layer) return null
  const by = one('by') === 'h3' ? 'h3' : 'lattice'
  const sizes: readonly string[] = by === 'h3' ? RESOLUTIONS : SIZES
  return { layer, by, size: sizes.find((size) => size === one('size')) ?? (by === 'h3' ? '8' : '500'), category: one('category'), from: one('from'), to: one('to') }
}

/** The question as the server reads it. */
export function questionOf({ by, size, category, from, to }: Asked): Record<string, string | undefined> {
  return { by, [by === 'h3' ? 'resolution' : 'size_m']: size, category, from, to }
}

/** A layer's counts as the heat map colours them. */
export function standingsOf(heat: LayerHeat): Map<string, Standing> {
  return new Map(heat.features.map(({ properties: { place, count } }) => [place, { value: count, raw: count, count, visited: true }]))
}

/** A layer's counts with outlines, as the heat map draws them. */
export function drawnOf(heat: LayerHeat): Heat {
  return heat as unknown as Heat
}
