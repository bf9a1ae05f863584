import type { LocationQuery, LocationQueryRaw } from 'vue-router'

export const BYS = ['grid_cell', 'community', 'h3'] as const
export const METRICS = ['count', 'open', 'severity_weighted', 'per_100_households', 'per_inspection'] as const
export const RESOLUTIONS = [7, 8, 9, 10] as const
export const WHATS = ['cases', 'violations'] as const
export type What = (typeof WHATS)[number]
export type By = (typeof BYS)[number]
export type Metric = (typeof METRICS)[number]

/** What the page asks: its address holds exactly this. */
export interface Asked {
  what: What
  by: By
  resolution: number
  metric: Metric
  category?: string
  severity?: string
  /** A checklist item; of violations only. */
  item?: string
  from?: string
  to?: string
}

/** One place of the map; `value` is null where nobody went and nothing was heard. */
export interface Place {
  place: string
  name: string
  status: 'visited' | 'not_visited'
  count: number
  inspections: number
  households: number | null
  value: number | null
  smoothed: number | null
}
export interface Heat extends GeoJSON.FeatureCollection<GeoJSON.Polygon | GeoJSON.MultiPolygon, Place> {
  total: number
  unplaced: number
  placeholder_count: number
}
export interface Slices {
  months: string[]
  totals: number[]
  items: {
    place: string
    values: (number | null)[]
    smoothed: (number | null)[]
    counts: number[]
    visited: boolean[]
  }[]
}
export interface HotSpot {
  place: string
  name: string | null
  lon: number
  lat: number
  count: number
  z: number | null
  p: number | null
  class: number
}
export interface HotSpots {
  hot: number
  cold: number
  places: number
  moran_i: number | null
  placeholder_count: number
  items: HotSpot[]
}
/** What the map colours of a place at one moment: the period, or one month of it. */
export interface Standing {
  value: number | null
  raw: number | null
  count: number
  visited: boolean
}

/** The question that an address asks; what it does not know is left out. */
export function askedOf(query: LocationQuery): Asked {
  const one = (name: string) => [query[name]].flat()[0]?.trim() || undefined
  const by = BYS.find((name) => name === one('by')) ?? 'grid_cell'
  const metric = METRICS.find((name) => name === one('metric')) ?? 'count'
  const what = WHATS.find((name) => name === one('what')) ?? 'cases'
  return {
    what,
    by,
    resolution: RESOLUTIONS.find((number) => String(number) === one('resolution')) ?? 8,
    metric: by === 'h3' && metric === 'per_100_households' ? 'count' : metric,
    category: one('category'),
    severity: one('severity'),
    item: what === 'violations' ? one('item') : undefined,
    from: one('from'),
    to: one('to'),
  }
}

/** The address of a question, without what goes without saying. */
export function addressOf(asked: Asked): LocationQueryRaw {
  const { what, by, resolution, metric, ...filters } = asked
  const query: LocationQueryRaw = what === 'cases' ? { by } : { what, by }
  if (by === 'h3') query.resolution = String(resolution)
  if (metric !== 'count') query.metric = metric
  for (const [name, value] of Object.entries(filters)) if (value) query[name] = value
  return query
}

/** The question as the server reads it. */
export function questionOf(asked: Asked): Record<string, string | undefined> {
  return { ...asked, resolution: asked.by === 'h3' ? String(asked.resolution) : undefined }
}

/** The first and last day of a month told as 2026-02. */
export function daysOf(month: string): [string, string] {
  const [year = 0, number = 1] = month.split('-').map(Number)
  const last = new Date(Date.UTC(year, number, 0)).getUTCDate()
  return [`${month}-01`, `${month}-${String(last).padStart(2, '0')}`]
}

/** The page that lists what one place counts in the period, or in one month of it: ledger lines, or inspections. */
export function behind(asked: Asked, place: string, month: string | null): { name: 'ledger' | 'inspections'; query: LocationQueryRaw } {
  const [first, last] = month ? daysOf(month) : [asked.from, asked.to]
  const query: LocationQueryRaw = { [{ grid_cell: 'grid_cell', community: 'community_id', h3: 'hexagon' }[asked.by]]: place }
  const from = [first, asked.from].filter(Boolean).sort().at(-1)
  const to = [last, asked.to].filter(Boolean).sort().at(0)
  const found = asked.what === 'violations'
  if (from) query[found ? 'inspected_from' : 'opened_from'] = from
  if (to) query[found ? 'inspected_to' : 'opened_to'] = to
  if (asked.category) query.category = asked.category
  if (asked.severity) query.severity = asked.severity
  if (asked.item) query.item = asked.item
  return found ? { name: 'inspections', query: { violating: 'true', ...query } } : { name: 'ledger', query }
}

/** How every place stands in the period. */
export function wholePeriod(heat: Heat): Map<string, Standing> {
  return new Map(
    heat.features.map(({ properties: told }) => [
      told.place,
      { value: told.smoothed ?? told.value, raw: told.value, count: told.count, visited: told.status === 'visited' },
    ]),
  )
}

/** How every place stands in the month with this number. */
export function oneMonth(slices: Slices, month: number): Map<string, Standing> {
  return new Map(
    slices.items.map((line) => [
      line.place,
      {
        value: line.smoothed[month] ?? line.values[month] ?? null,
        raw: line.values[month] ?? null,
        count: line.counts[month] ?? 0,
        visited: line.visited[month] ?? false,
      },
    ]),
  )
}

export const LEVELS = 5

/** Lower bounds of the classes from the second on: about as many places in each, equal values never parted. */
export function breaksOf(values: Iterable<number | null>): number[] {
  const sorted = [...values].filter((value): value is number => value !== null && value > 0).sort((a, b) => a - b)
  const found = new Set<number>()
  for (let level = 1; level < LEVELS; level++) {
    const bound = sorted[Math.floor((level * sorted.length) / LEVELS)]
    if (bound !== undefined && bound > sorted[0]!) found.add(bound)
  }
  return [...found]
}

/** The class of a value: -1 not visited, 0 none, then 1 and more, spread over all colours. */
export function levelOf(value: number | null, breaks: number[]): number {
  if (value === null) return -1
  if (value <= 0) return 0
  const step = breaks.filter((bound) => bound <= value).length
  return LEVELS - breaks.length + step
}

/** A figure as people read it. */
export function told(value: number | null): string {
  if (value === null) return '—'
  return Number.isInteger(value) ? String(value) : value.toFixed(value < 10 ? 2 : 1)
}
