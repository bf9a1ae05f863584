import type { LocationQuery } from 'vue-router'

export const GROUPS = ['community', 'grid_cell', 'subdistrict', 'worker'] as const
export type By = (typeof GROUPS)[number]

export interface Sums {
  communities: number
  communities_visited: number
  communities_share: number | null
  cells: number
  cells_visited: number
  cells_share: number | null
  visits: number
}
export interface Row extends Partial<Sums> {
  key: string
  name: string
  visits: number
  subdistrict_name?: string
  neighbourhood_name?: string
  days?: number
  last_visit_at?: string | null
  days_since?: number | null
  workers?: { user_id: string; name: string; visits: number }[]
  geometry?: GeoJSON.Geometry | null
}
export interface Coverage {
  from: string
  to: string
  by: By
  totals: Sums
  items: Row[]
}
export interface Patrol {
  day: string
  worker: { user_id: string; name: string }
  tracks: number
  length_m: number
  duration_s: number
  communities: number
  passed: number
  passed_share: number | null
}
export interface Track {
  track_id: string
  begun_at: string
  geometry: GeoJSON.Geometry | null
}

export const AGES = ['never', 'fresh', 'due', 'late'] as const
export type Age = (typeof AGES)[number]

/** How long ago a place was visited, in the classes that the map draws: a week, a month, longer, never. */
export function ageOf(days: number | null | undefined): Age {
  if (days === null || days === undefined) return 'never'
  if (days <= 7) return 'fresh'
  return days <= 30 ? 'due' : 'late'
}

/** Whether rows are places, each with its last visit, and not sums over places. */
export function ofPlaces(by: By): boolean {
  return by === 'community' || by === 'grid_cell'
}

/** What the address asks for, with the month up to today where it says nothing. */
export function askedOf(query: LocationQuery, today: string): { by: By; from: string; to: string; unvisited_days: string } {
  const text = (value: unknown) => (typeof value === 'string' ? value : '')
  const to = text(query.to) || today
  return {
    by: GROUPS.find((name) => name === query.by) ?? 'community',
    from: text(query.from) || daysBefore(to, 29),
    to,
    unvisited_days: text(query.unvisited_days),
  }
}

/** The day so many days before another, both as 2026-11-22; the same text when it is no day. */
export function daysBefore(day: string, count: number): string {
  const at = Date.parse(`${day}T00:00:00Z`)
  return Number.isNaN(at) ? day : new Date(at - count * 86_400_000).toISOString().slice(0, 10)
}

/** A share as a whole per cent; a dash where there is nothing to share. */
export function percent(share: number | null | undefined): string {
  return share === null || share === undefined ? '—' : `${Math.round(share * 1000) / 10} %`
}

/** The places of a list as features, each with its class of age. */
export function featuresOf(rows: readonly Row[]): GeoJSON.FeatureCollection {
  return {
    type: 'FeatureCollection',
    features: rows.flatMap(({ key, name, geometry, days_since }) =>
      geometry ? [{ type: 'Feature' as const, geometry, properties: { key, name, age: ageOf(days_since) } }] : [],
    ),
  }
}
