import { metresBetween, middleOf, type LonLat } from '../device/geo'
import type { BuildingRecord, FacilityRecord } from '../protocol'

/** Something that an answer can name, and where it is. */
export interface Named {
  id: string
  name: string
  place: LonLat
}

const ENTRANCES = new Set(['building_entrance', 'entrance'])
const KINDS: Record<string, string> = { lift: 'lift', door: 'door' }

/** What an item of type `ref` may name in a community, by the item's code: entrances, lifts, doors, any facility. */
export function namedFor(code: string, buildings: readonly BuildingRecord[], facilities: readonly FacilityRecord[]): Named[] {
  if (ENTRANCES.has(code)) return buildings.flatMap(entrancesOf)
  const kind = KINDS[code]
  const houses = new Map(buildings.map((one) => [one.building_id, one.name]))
  return facilities
    .filter((one) => !kind || one.kind === kind)
    .map((one) => ({ id: one.facility_id, name: within(houses.get(one.building_id ?? ''), one), place: { lon: one.lon, lat: one.lat } }))
}

function entrancesOf(building: BuildingRecord): Named[] {
  if (building.entrances.length === 0) return [{ id: building.building_id, name: building.name, place: middleOf(building.geometry) }]
  return building.entrances.map((one) => ({ id: one.entrance_id, name: `${building.name} ${one.name}`, place: one }))
}

function within(house: string | undefined, one: FacilityRecord): string {
  const name = one.registration_code ? `${one.name}（${one.registration_code}）` : one.name
  return house && !name.includes(house) ? `${house} ${name}` : name
}

/** Those whose name holds a text, the nearest first. */
export function found(all: readonly Named[], text: string, from: LonLat | null): Named[] {
  const wanted = text.trim().toLowerCase()
  const fitting = all.filter((one) => one.name.toLowerCase().includes(wanted))
  return from ? fitting.sort((a, b) => metresBetween(from, a.place) - metresBetween(from, b.place)) : fitting
}
