import type { Uploaded } from '@/photos/PhotoUpload.vue'
import type { Case, Position } from '@/shared/types'

/** What has been told of a problem so far. */
export interface Told {
  community_id: string
  category: string
  severity: string
  description: string
  location: Position | undefined
  photos: Uploaded[]
  /** The open case that it is the same as; empty: none. */
  joins: string
}

/** The states in which a case still asks for something and a report may join it. */
export const OPEN_STATES = ['reported', 'verifying', 'filed', 'dispatched', 'in_progress', 'suspended', 'closeout_requested', 'checking', 'check_passed']
const NEAR_M = 300
const METRES_PER_DEGREE = 111_195

/** What a report needs and has not been told. */
export function lacking(told: Told): (keyof Told)[] {
  const empty: [keyof Told, boolean][] = [
    ['community_id', !told.community_id],
    ['category', !told.category],
    ['photos', told.photos.length === 0],
    ['location', !told.location],
  ]
  return empty.filter(([, lacks]) => lacks).map(([name]) => name)
}

/** The data of `case.report`; what was left empty is left out. */
export function reportOf({ community_id, category, severity, description, location, photos, joins }: Told): Record<string, unknown> {
  const words = description.trim()
  return { community_id, category, location, photos, ...(severity && { severity }), ...(words && { description: words }), ...(joins && { joins }) }
}

/** The open cases that may be the same problem, the nearest first; those far from the place are left out. */
export function candidates(open: readonly Case[], place: Position | undefined): { one: Case; metres: number | null }[] {
  const found = open.map((one) => ({ one, metres: place && one.location ? metresBetween(place, one.location) : null }))
  return found.filter(({ metres }) => metres === null || metres <= NEAR_M).sort((a, b) => (a.metres ?? Infinity) - (b.metres ?? Infinity))
}

/** The middle of the box around an outline: where its map is looked at first. */
export function middleOf(outline: GeoJSON.Geometry | null): Position | null {
  const all = positionsIn(outline && 'coordinates' in outline ? outline.coordinates : [])
  if (all.length === 0) return null
  const [lons, lats] = [all.map(([lon]) => lon), all.map(([, lat]) => lat)]
  return { lon: (Math.min(...lons) + Math.max(...lons)) / 2, lat: (Math.min(...lats) + Math.max(...lats)) / 2 }
}

function positionsIn(nested: unknown): [number, number][] {
  if (!Array.isArray(nested)) return []
  return typeof nested[0] === 'number' ? [nested as [number, number]] : nested.flatMap(positionsIn)
}

function metresBetween(one: Position, other: Position): number {
  const east = (other.lon - one.lon) * METRES_PER_DEGREE * Math.cos((one.lat * Math.PI) / 180)
  return Math.hypot(east, (other.lat - one.lat) * METRES_PER_DEGREE)
}
