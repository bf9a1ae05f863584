import type { GateTold, Gates } from './siting'

type Area = Partial<Record<'communities' | 'neighbourhoods' | 'subdistricts', unknown>>
const NAMES = { communities: 'community_id', neighbourhoods: 'neighbourhood', subdistricts: 'subdistrict' } as const

/** The address of the gates of an area; null while none is chosen. */
export function gatesOf(area: Area, radius_m: number): string | null {
  const named = Object.entries(NAMES).flatMap(([list, name]) => idsOf(area[list as keyof Area]).map((id): [string, string] => [name, id]))
  return named.length ? `/api/v1/siting/gates?${new URLSearchParams([...named, ['radius_m', String(radius_m)]])}` : null
}
export const idsOf = (told: unknown): string[] => (Array.isArray(told) ? told.map(String) : [])

/** With one more, or without it. */
export function toggled(ids: readonly string[], id: string): string[] {
  return ids.includes(id) ? ids.filter((one) => one !== id) : [...ids, id]
}

export function gateName(told: GateTold): string {
  return `${told.community_name ?? ''} ${told.name}`.trim()
}

/** The gates that are shut, as the map marks them: shut ones and those opened are told apart by their sign, too. */
export function gateFeatures(gates: Gates | null, opened: ReadonlySet<string>): GeoJSON.Feature[] {
  return (gates?.features ?? [])
    .filter(({ properties }) => properties.shut)
    .map((gate) => {
      const open = opened.has(String(gate.id))
      return { type: 'Feature' as const, id: gate.id, geometry: gate.geometry, properties: { id: gate.id, open, sign: open ? '○' : '×' } }
    })
}
