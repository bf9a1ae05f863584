import type {
  ExpressionSpecification,
  FilterSpecification,
  LayerSpecification,
  SourceSpecification,
  StyleSpecification,
} from 'maplibre-gl'
import { GROUND, LAYERS, type LayerName } from './layers'
import { SIGNAL_ICONS } from './signals'
import { DEEPEST, TILED, addressOf } from './tiles'

interface Paints {
  ground: string
  county: string
  countyLine: string
  line: string
  cell: string
  community: string
  communityLine: string
  building: string
  heap: string
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
  building: '#b4c6cc',
  heap: '#5f6f7c',
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
  building: '#35535f',
  heap: '#7c8a96',
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

/**
 * The style of these layers: a source each, all of our own drawing, no tile and no font from elsewhere. The source
 * `case` is for the one case that a small map marks.
 */
export function mapStyle(dark: boolean, names: readonly LayerName[] = GROUND): StyleSpecification {
  const paints = dark ? DARK : LIGHT
  const known = new Set<string>([...names, 'case'])
  const layers = drawn(paints).filter((layer) => 'source' in layer && known.has(String(layer.source)))
  return {
    version: 8,
    sources: Object.fromEntries([...names.map((name) => [name, source(name)]), ['case', { type: 'geojson', data: EMPTY }]]),
    layers: [{ id: 'ground', type: 'background', paint: { 'background-color': paints.ground } }, ...layers.map(inTiles)],
  }
}

function source(name: LayerName): SourceSpecification {
  if (!TILED.includes(name)) return { type: 'geojson', data: EMPTY }
  return { type: 'vector', tiles: [addressOf(name)], minzoom: Math.floor(from(name)), maxzoom: DEEPEST }
}

/** A layer of a tiled source names the layer within the tile, which has the source's name. */
function inTiles(layer: LayerSpecification): LayerSpecification {
  const tiled = 'source' in layer && TILED.some((name) => name === layer.source)
  return tiled ? ({ ...layer, 'source-layer': layer.source } as LayerSpecification) : layer
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
    {
      id: 'buildings-fill',
      type: 'fill',
      source: 'buildings',
      minzoom: from('buildings'),
      paint: { 'fill-color': paints.building, 'fill-outline-color': paints.communityLine },
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
    label('buildings', paints, 11, { minzoom: 17 }),
    ...TILED.flatMap((name) => heaps(name, paints)),
    marks('cases', 'cases-points'),
    marks('case', 'case-point'),
  ]
}

function marks(source: string, id: string): LayerSpecification {
  return {
    id,
    type: 'symbol',
    source,
    filter: ['!', ['has', 'aggregated']],
    layout: {
      'icon-image': ['match', SIGNAL, ...SIGNAL_ICONS, 'signal-none'] as never,
      'icon-size': ['interpolate', ['linear'], ['zoom'], 8, 0.55, 13, 0.8, 17, 1.15],
      'icon-allow-overlap': true,
      'symbol-sort-key': ['match', SIGNAL, 'red', 3, 'yellow', 2, 'green', 1, 0],
    },
  }
}

/** What stands in place of features where a tile would hold too many: a disc with their number. */
function heaps(source: LayerName, paints: Paints): LayerSpecification[] {
  const filter: FilterSpecification = ['has', 'aggregated']
  const radius: ExpressionSpecification = ['interpolate', ['linear'], ['log10', ['get', 'count']], 0, 7, 4, 18]
  const edge = { 'circle-stroke-color': paints.halo, 'circle-stroke-width': 1.2 }
  return [
    {
      id: `${source}-heaps`,
      type: 'circle',
      source,
      filter,
      paint: { 'circle-color': paints.heap, 'circle-radius': radius, 'circle-opacity': 0.9, ...edge },
    },
    {
      id: `${source}-heaps-label`,
      type: 'symbol',
      source,
      filter,
      layout: { 'text-field': ['to-string', ['get', 'count']], 'text-size': 10.5, 'text-font': ['sans-serif'] },
      paint: { 'text-color': '#ffffff' },
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
