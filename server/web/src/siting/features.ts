import type { DrawnPoint } from './form'
import type { Demand, Places, Serving } from './siting'

/** An open site as the map marks it; `whose` tells two compared plans apart. */
export interface Marked {
  id: string
  number: string
  existing: boolean
  forced: boolean
  whose: 'first' | 'second' | 'both'
}
type Spot = Places['features'][number]

/** Open sites at their places; one whose place is not known is left out. */
export function siteFeatures(sites: readonly Marked[], spots: ReadonlyMap<string, Spot>): GeoJSON.Feature[] {
  return sites.flatMap((site) => {
    const spot = spots.get(site.id)
    return spot ? [{ type: 'Feature' as const, id: site.id, geometry: spot.geometry, properties: { ...site } }] : []
  })
}

/** Homes with how a plan serves them: on foot, by a straight line alone, or not; `open` before there is a plan. */
export function homeFeatures(demand: Demand | null, serving: Serving | null): GeoJSON.Feature[] {
  return (demand?.features ?? [])
    .filter(({ properties }) => properties.weight > 0)
    .map((home) => ({
      type: 'Feature' as const,
      id: home.id,
      geometry: home.geometry,
      properties: { id: home.id, weight: home.properties.weight, how: serving ? howServed(String(home.id), serving) : 'open' },
    }))
}

function howServed(id: string, serving: Serving): 'served' | 'straight' | 'unserved' {
  if (serving.by.has(id)) return 'served'
  return serving.straightOnly.has(id) ? 'straight' : 'unserved'
}

/** Points that were drawn for a scenario to be, numbered. */
export function drawnFeatures(points: readonly DrawnPoint[]): GeoJSON.Feature[] {
  return points.map(({ lon, lat, pinned }, at) => ({
    type: 'Feature' as const,
    geometry: { type: 'Point' as const, coordinates: [lon, lat] },
    properties: { id: `drawn-${at + 1}`, number: String(at + 1), existing: false, forced: pinned, whose: 'first' },
  }))
}
