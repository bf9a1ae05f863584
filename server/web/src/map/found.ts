import { isDemo, type LayerName } from './layers'

/** What lies under a click, told for a panel. */
export interface Found {
  layer: LayerName
  id: string
  title: string
  properties: Record<string, unknown>
  demo: boolean
}

interface Clicked {
  layer: { id: string }
  properties: Record<string, unknown>
}

const LAYER_OF: Record<string, Found['layer']> = {
  'cases-points': 'cases',
  'charging-cases-points': 'charging-cases',
  'cell-faults-fill': 'cell-faults',
  'gates-points': 'gates',
  'entrances-points': 'entrances',
  'tracks-line': 'tracks',
  'footways-line': 'footways',
  'buildings-fill': 'buildings',
  'fire-lanes-fill': 'fire-lanes',
  'open-ground-fill': 'open-ground',
  'communities-fill': 'communities',
  'coverage-fill': 'coverage',
  'grid-cells-fill': 'grid-cells',
}
/** The property that names a thing of a layer. */
const KEYS: Partial<Record<LayerName, string>> = {
  cases: 'case_id',
  'charging-cases': 'case_id',
  'cell-faults': 'fault_id',
  gates: 'gate_id',
  entrances: 'entrance_id',
  tracks: 'track_id',
  footways: 'footway_id',
  buildings: 'building_id',
  'fire-lanes': 'lane_id',
  'open-ground': 'ground_id',
  communities: 'community_id',
  coverage: 'code',
  'grid-cells': 'code',
}
export const CLICKABLE = Object.keys(LAYER_OF)

/** The things under a click, cases first, each once. */
export function foundIn(features: Clicked[]): Found[] {
  const found = new Map<string, Found>()
  for (const { layer, properties } of features) {
    const name = LAYER_OF[layer.id]
    if (!name) continue
    const id = String(properties[KEYS[name] ?? 'id'] ?? properties.id ?? '')
    const title = String(properties.number || properties.name || properties.code || properties.codes || '')
    found.set(`${name}/${id}`, { layer: name, id, title, properties, demo: isDemo(properties) })
  }
  const order = Object.values(LAYER_OF)
  return [...found.values()].sort((one, other) => order.indexOf(one.layer) - order.indexOf(other.layer))
}
