import type {
  ExpressionSpecification,
  FilterSpecification,
  LayerSpecification,
  SourceSpecification,
  StyleSpecification,
} from 'maplibre-gl'
import { baseLayer, baseSource, type BaseMap } from './base'
import type { Datum } from './datum'
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
  openGround: string
  fireLane: string
  footway: string
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
  openGround: '#cfe3c4',
  fireLane: '#f0b9b1',
  footway: '#a9793b',
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
  openGround: '#2c4230',
  fireLane: '#5e2f2b',
  footway: '#b98b4e',
  heap: '#7c8a96',
  text: '#c4ced6',
  halo: '#12181d',
}

// As the pages of coverage and siting draw them, in either appearance.
export const AGES = { never: '#8d979f', fresh: '#2f7fa8', due: '#d99a06', late: '#b3261e' } as const
const [FIRE, FAULT, TRACK, GATE, CHARGING] = ['#b3261e', '#c2185b', '#6b4a9c', '#2f6f73', '#c4302a']
/** Days without a visit: a week is fresh, a month due, more late. */
const AGE: ExpressionSpecification = [
  'case',
  ['!', ['has', 'unvisited_days']],
  AGES.never,
  ['<=', ['get', 'unvisited_days'], 7],
  AGES.fresh,
  ['<=', ['get', 'unvisited_days'], 30],
  AGES.due,
  AGES.late,
]

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
 * The style of these layers: a source each, all of our own drawing, no tile and no font from elsewhere but the
 * picture of a base map, whose datum the layers are asked in. The source `case` is for the one case that a small
 * map marks.
 */
export function mapStyle(dark: boolean, names: readonly LayerName[] = GROUND, base: BaseMap | null = null): StyleSpecification {
  const paints = dark ? DARK : LIGHT
  const known = new Set<string>([...names, 'case'])
  const layers = drawn(paints).filter((layer) => 'source' in layer && known.has(String(layer.source)) && !(base && layer.id === 'county-fill'))
  return {
    version: 8,
    sources: Object.fromEntries([
      ...(base ? [['base', baseSource(base)]] : []),
      ...names.map((name) => [name, source(name, base?.datum)]),
      ['case', { type: 'geojson', data: EMPTY }],
    ]),
    layers: [
      { id: 'ground', type: 'background', paint: { 'background-color': paints.ground } },
      ...(base ? [baseLayer(dark)] : []),
      ...layers.map(inTiles),
    ],
  }
}

function source(name: LayerName, datum?: Datum): SourceSpecification {
  if (!TILED.includes(name)) return { type: 'geojson', data: EMPTY }
  return { type: 'vector', tiles: [addressOf(name, datum)], minzoom: Math.floor(from(name)), maxzoom: DEEPEST }
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
    area('open-ground', paints.openGround),
    area('fire-lanes', paints.fireLane),
    { ...outline('fire-lanes', FIRE, 1, [3, 2]), minzoom: from('fire-lanes') },
    {
      id: 'buildings-fill',
      type: 'fill',
      source: 'buildings',
      minzoom: from('buildings'),
      paint: { 'fill-color': paints.building, 'fill-outline-color': paints.communityLine },
    },
    { ...outline('footways', paints.footway, 1.6, [2, 1.5]), minzoom: from('footways') },
    {
      id: 'coverage-fill',
      type: 'fill',
      source: 'coverage',
      minzoom: from('coverage'),
      paint: { 'fill-color': AGE, 'fill-opacity': 0.45 },
    },
    { ...outline('grid-cells', paints.cell, 0.8), minzoom: from('grid-cells') },
    // an unseen fill, so that a click anywhere inside a cell finds it
    { id: 'grid-cells-fill', type: 'fill', source: 'grid-cells', minzoom: from('grid-cells'), paint: { 'fill-opacity': 0 } },
    { ...outline('neighbourhoods', paints.line, 1.1, [4, 2]), minzoom: from('neighbourhoods') },
    outline('subdistricts', paints.countyLine, 1.4, [6, 2, 1, 2]),
    { ...outline('communities', paints.communityLine, 1), minzoom: from('communities') },
    area('cell-faults', FAULT, 0.3),
    outline('cell-faults', FAULT, 1.8, [2, 1]),
    { ...outline('tracks', TRACK, 2.2), minzoom: from('tracks') },
    dot('gates', GATE, 4.5, paints),
    dot('entrances', paints.communityLine, 3, paints),
    dot('charging-cases', CHARGING, 5, paints),
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

function area(source: LayerName, color: string, opacity = 0.85): LayerSpecification {
  return { id: `${source}-fill`, type: 'fill', source, minzoom: from(source), paint: { 'fill-color': color, 'fill-opacity': opacity } }
}

function dot(source: LayerName, color: string, radius: number, paints: Paints): LayerSpecification {
  return {
    id: `${source}-points`,
    type: 'circle',
    source,
    minzoom: from(source),
    filter: ['!', ['has', 'aggregated']],
    paint: { 'circle-color': color, 'circle-radius': radius, 'circle-stroke-color': paints.halo, 'circle-stroke-width': 1.2 },
  }
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
