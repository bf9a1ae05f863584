import { isDemo } from './layers'

/** What lies under a click, told for a panel. */
export interface Found {
  layer: 'cases' | 'communities' | 'grid-cells'
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
  'communities-fill': 'communities',
  'grid-cells-fill': 'grid-cells',
}
export const CLICKABLE = Object.keys(LAYER_OF)

/** The things under a click, cases first, each once. */
export function foundIn(features: Clicked[]): Found[] {
  const found = new Map<string, Found>()
  for (const { layer, properties } of features) {
    const name = LAYER_OF[layer.id]
    if (!name) continue
    const id = String(properties.case_id ?? properties.community_id ?? properties.id ?? properties.code ?? '')
    const title = String(properties.number ?? properties.name ?? properties.code ?? '')
    found.set(`${name}/${id}`, { layer: name, id, title, properties, demo: isDemo(properties) })
  }
  const order = Object.values(LAYER_OF)
  return [...found.values()].sort((one, other) => order.indexOf(one.layer) - order.indexOf(other.layer))
}
