import type { ExpressionSpecification, FilterSpecification, LayerSpecification, StyleSpecification } from 'maplibre-gl'
import { LAYERS, type LayerName } from './layers'
import { SIGNAL_ICONS } from './signals'

interface Paints {
  ground: string
  county: string
  countyLine: string
  line: string
  cell: string
  community: string
  communityLine: string
  text: string
  halo: string
}

const LIGHT: Paints = {
  ground: '#e9edef',
  county: '#f8f9f8',
  countyLine: '#7d8a95',
  line: '#94a3ae',
  cell: '#b9c5cd',
  community: '#d5e3e6',
  communityLine: '#5d8797',
  text: '#33414d',
  halo: '#ffffff',
}
const DARK: Paints = {
  ground: '#0e1317',
  county: '#1a2229',
  countyLine: '#5c6b77',
  line: '#4c5b67',
  cell: '#35424d',
  community: '#233a44',
  communityLine: '#4f8399',
  text: '#c4ced6',
  halo: '#12181d',
}

const EMPTY: GeoJSON.FeatureCollection = { type: 'FeatureCollection', features: [] }
// a closed case keeps its last signal on paper; on the map it asks for nothing any more
const SIGNAL: ExpressionSpecification = [
  'case',
  ['==', ['get', 'state'], 'closed'],
  'none',
  ['coalesce', ['get', 'signal'], 'none'],
]
const named: FilterSpecification = ['any', ['has', 'name'], ['has', 'name_zh']]

/** The whole style: one GeoJSON source a layer, all of our own drawing, no tile and no font from anywhere. */
export function mapStyle(dark: boolean): StyleSpecification {
  const paints = dark ? DARK : LIGHT
  return {
    version: 8,
    sources: Object.fromEntries(LAYERS.map(({ name }) => [name, { type: 'geojson', data: EMPTY }])),
    layers: [{ id: 'ground', type: 'background', paint: { 'background-color': paints.ground } }, ...drawn(paints)],
  }
}

function drawn(paints: Paints): LayerSpecification[] {
  return [
    { id: 'county-fill', type: 'fill', source: 'county', paint: { 'fill-color': paints.county } },
    outline('county', paints.countyLine, 1.8),
    {
      id: 'communities-fill',
      type: 'fill',
      source: 'communities',
      minzoom: from('communities'),
      paint: { 'fill-color': paints.community, 'fill-opacity': 0.85 },
    },
    { ...outline('grid-cells', paints.cell, 0.8), minzoom: from('grid-cells') },
    // an unseen fill, so that a click anywhere inside a cell finds it
    { id: 'grid-cells-fill', type: 'fill', source: 'grid-cells', minzoom: from('grid-cells'), paint: { 'fill-opacity': 0 } },
    { ...outline('neighbourhoods', paints.line, 1.1, [4, 2]), minzoom: from('neighbourhoods') },
    outline('subdistricts', paints.countyLine, 1.4, [6, 2, 1, 2]),
    { ...outline('communities', paints.communityLine, 1), minzoom: from('communities') },
    label('subdistricts', paints, 13, { minzoom: 8, maxzoom: 13 }),
    label('neighbourhoods', paints, 12, { minzoom: 12, maxzoom: 15 }),
    label('communities', paints, 12, { minzoom: 14 }),
    label('grid-cells', paints, 10.5, { minzoom: 16.5 }, ['slice', ['get', 'code'], 12]),
    {
      id: 'cases-points',
      type: 'symbol',
      source: 'cases',
      layout: {
        'icon-image': ['match', SIGNAL, ...SIGNAL_ICONS, 'signal-none'] as never,
        'icon-size': ['interpolate', ['linear'], ['zoom'], 8, 0.55, 13, 0.8, 17, 1.15],
        'icon-allow-overlap': true,
        'symbol-sort-key': ['match', SIGNAL, 'red', 3, 'yellow', 2, 'green', 1, 0],
      },
    },
  ]
}

function from(name: LayerName): number {
  return LAYERS.find((layer) => layer.name === name)?.from ?? 0
}

function outline(source: LayerName, color: string, width: number, dash?: number[]): LayerSpecification {
  const paint = { 'line-color': color, 'line-width': width, ...(dash && { 'line-dasharray': dash }) }
  return { id: `${source}-line`, type: 'line', source, paint }
}

function label(
  source: LayerName,
  paints: Paints,
  size: number,
  zooms: { minzoom: number; maxzoom?: number },
  text: unknown = ['coalesce', ['get', 'name'], ['get', 'name_zh']],
): LayerSpecification {
  return {
    id: `${source}-label`,
    type: 'symbol',
    source,
    ...zooms,
    filter: source === 'grid-cells' ? ['has', 'code'] : named,
    layout: { 'text-field': text as never, 'text-size': size, 'text-max-width': 8, 'text-font': ['sans-serif'] },
    paint: { 'text-color': paints.text, 'text-halo-color': paints.halo, 'text-halo-width': 1.4 },
  }
}
