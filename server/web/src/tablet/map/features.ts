import { isOpen, signalOf } from '../cases/signal'
import type { CaseRecord, CommunityRecord, GridCellRecord } from '../protocol'
import type { LonLat } from '../device/geo'

const SLICE = 500

/** Let the page draw a frame and take a touch. */
export function breath(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve))
}

/** The open cases as a GeoJSON document of points with their signal, and how many they are. Written in slices, so that
 * five thousand of them hold up no touch, and as text, which the map's worker reads: objects would be copied here. */
export async function casePoints(cases: readonly CaseRecord[], now: number): Promise<{ document: Blob; count: number }> {
  const parts: string[] = []
  let count = 0
  for (let from = 0; from < cases.length; from += SLICE) {
    const points = cases.slice(from, from + SLICE).filter((one) => one.location && isOpen(one)).map((one) => JSON.stringify(pointOf(one, now)))
    if (points.length) parts.push(points.join())
    count += points.length
    await breath()
  }
  return { document: new Blob(['{"type":"FeatureCollection","features":[', parts.join(), ']}'], { type: 'application/json' }), count }
}

function pointOf(one: CaseRecord, now: number): GeoJSON.Feature {
  const { lon, lat } = one.location!
  return { type: 'Feature', geometry: { type: 'Point', coordinates: [lon, lat] }, properties: { id: one.case_id, signal: signalOf(one, now) } }
}

export function communityAreas(communities: readonly CommunityRecord[]): GeoJSON.Feature[] {
  return communities.map((one) => ({ type: 'Feature', geometry: one.geometry, properties: { id: one.community_id, name: one.name } }))
}

export function cellAreas(cells: readonly GridCellRecord[]): GeoJSON.Feature[] {
  return cells.map((one) => ({ type: 'Feature', geometry: one.geometry, properties: { code: one.code } }))
}

export function meAt(place: (LonLat & { accuracy_m?: number | null }) | null): GeoJSON.Feature[] {
  if (!place) return []
  const geometry = { type: 'Point' as const, coordinates: [place.lon, place.lat] }
  return [{ type: 'Feature', geometry, properties: { accuracy_m: place.accuracy_m ?? 0 } }]
}
