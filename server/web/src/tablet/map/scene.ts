import { isOpen, signalOf } from '../cases/signal'
import { middleOf, type Area, type LonLat } from '../device/geo'
import type { CaseRecord, CommunityRecord, GridCellRecord } from '../protocol'
import { spotOf, type Spot } from './camera'
import { WORST, type CaseSpot, type Heap } from './heaps'

/** The rings of an area as places on the map. */
export type Outline = Spot[][]

export interface Named {
  name: string
  outline: Outline
  middle: Spot
}

/** All that is drawn. */
export interface Scene {
  cells: readonly Outline[]
  communities: readonly Named[]
  heaps: readonly Heap[]
  me: { spot: Spot; accuracy_m: number } | null
}

const SLICE = 500

/** Let the page draw a frame and take a touch. */
export function breath(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve))
}

/** The open cases with a place, the worst last: it is drawn upon the others. Worked out in slices, so that five thousand of them hold up no touch. */
export async function caseSpots(cases: readonly CaseRecord[], now: number): Promise<CaseSpot[]> {
  const spots: CaseSpot[] = []
  for (let from = 0; from < cases.length; from += SLICE) {
    for (const one of cases.slice(from, from + SLICE)) {
      if (one.location && isOpen(one)) spots.push({ id: one.case_id, signal: signalOf(one, now), ...spotOf(one.location) })
    }
    await breath()
  }
  return spots.sort((one, other) => WORST.indexOf(other.signal) - WORST.indexOf(one.signal))
}

export function cellOutlines(cells: readonly GridCellRecord[]): Outline[] {
  return cells.map((one) => outlineOf(one.geometry as Area))
}

export function namedAreas(communities: readonly CommunityRecord[]): Named[] {
  return communities.map((one) => ({ name: one.name, outline: outlineOf(one.geometry as Area), middle: spotOf(middleOf(one.geometry as Area)) }))
}

export function meAt(place: (LonLat & { accuracy_m?: number | null }) | null): Scene['me'] {
  return place && { spot: spotOf(place), accuracy_m: place.accuracy_m ?? 0 }
}

function outlineOf(area: Area): Outline {
  if (area.type === 'Point') return []
  const rings = area.type === 'Polygon' ? area.coordinates : area.coordinates.flat()
  return rings.map((ring) => ring.map(([lon = 0, lat = 0]) => spotOf({ lon, lat })))
}
