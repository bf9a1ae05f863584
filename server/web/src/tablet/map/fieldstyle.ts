import type { ExpressionSpecification, GeoJSONSource, LayerSpecification, Map as MapLibre, StyleSpecification } from 'maplibre-gl'
import { SIGNAL_ICONS } from '@/map/signals'

interface Paints {
  ground: string
  cell: string
  cellFill: string
  community: string
  communityLine: string
  text: string
  halo: string
  me: string
}

const LIGHT: Paints = { ground: '#e6ebee', cell: '#4d5a66', cellFill: '#ffffff', community: '#cfe3ea', communityLine: '#12425b', text: '#0d151c', halo: '#ffffff', me: '#0b62c4' }
const DARK: Paints = { ground: '#0b1014', cell: '#8fa0ad', cellFill: '#182027', community: '#1f3c49', communityLine: '#86c6e6', text: '#f2f6f9', halo: '#0b1014', me: '#6db7ff' }

// Worst first: what a heap of cases is drawn as.
const RANK: ExpressionSpecification = ['match', ['get', 'signal'], 'red', 3, 'yellow', 2, 'green', 1, 0]
// Heaped down to the last few steps of zooming: what is placed one by one is never more than a screen of marks.
const HEAPED = { cluster: true, clusterMaxZoom: 17, clusterRadius: 40, clusterProperties: { worst: ['max', RANK] } }

export const EMPTY: GeoJSON.FeatureCollection = { type: 'FeatureCollection', features: [] }
export const SOURCES = ['cells', 'communities', 'cases', 'me'] as const
export type SourceName = (typeof SOURCES)[number]

/** The ground of a map of the worker's own cells: no tile, no base map, all of it from the tablet's own store. */
export function fieldStyle(dark: boolean): StyleSpecification {
  return {
    version: 8,
    sources: Object.fromEntries(SOURCES.map((name) => [name, { type: 'geojson', data: EMPTY, ...(name === 'cases' && HEAPED) }])),
    layers: [{ id: 'ground', type: 'background', paint: { 'background-color': paintsOf(dark).ground } }],
  }
}

// What a worker looks for first comes first.
const ORDER = ['communities-fill', 'communities-line', 'heaps', 'heap-counts', 'cases', 'me', 'me-error', 'communities-label', 'cells-fill', 'cells-line']

/**
 * Lay the layers upon the ground, one after the other. Each kind of layer has a program that the graphics card must
 * be given, and the page stands still for each: all in one frame would hold up a touch.
 */
export async function layLayers(map: MapLibre, dark: () => boolean): Promise<void> {
  for (const id of ORDER) {
    const layers = drawn(paintsOf(dark()))
    const at = layers.findIndex((layer) => layer.id === id)
    const above = layers.slice(at + 1).find((layer) => map.getLayer(layer.id))
    map.addLayer(layers[at]!, above?.id)
    await map.once('idle')
    if (!map.getStyle()) return // the page was left meanwhile
  }
}

/** Give what is drawn the colours of the other appearance. */
export function repaint(map: MapLibre, dark: boolean): void {
  const paints = paintsOf(dark)
  map.setPaintProperty('ground', 'background-color', paints.ground)
  for (const { id, paint = {} } of drawn(paints)) {
    if (!map.getLayer(id)) continue
    for (const [name, value] of Object.entries(paint)) map.setPaintProperty(id, name as never, value as never)
  }
}

/** The colours of a map in one of the two appearances. */
export function paintsOf(dark: boolean): Paints {
  return dark ? DARK : LIGHT
}

type Drawn = Exclude<LayerSpecification, { type: 'background' }>

function drawn(paints: Paints): Drawn[] {
  const signal: ExpressionSpecification = ['match', ['get', 'signal'], ...SIGNAL_ICONS, 'signal-none'] as never
  const accuracy: ExpressionSpecification = ['interpolate', ['exponential', 2], ['zoom'], 10, ['*', ['get', 'accuracy_m'], 0.008], 20, ['*', ['get', 'accuracy_m'], 8.2]]
  return [
    { id: 'cells-fill', type: 'fill', source: 'cells', paint: { 'fill-color': paints.cellFill, 'fill-antialias': false } },
    { id: 'communities-fill', type: 'fill', source: 'communities', paint: { 'fill-color': paints.community, 'fill-antialias': false } },
    { id: 'cells-line', type: 'line', source: 'cells', paint: { 'line-color': paints.cell, 'line-width': 1.4, 'line-dasharray': [4, 2] } },
    { id: 'communities-line', type: 'line', source: 'communities', paint: { 'line-color': paints.communityLine, 'line-width': 2 } },
    {
      id: 'communities-label',
      type: 'symbol',
      source: 'communities',
      minzoom: 13,
      layout: {
        'text-field': ['get', 'name'],
        'text-size': 15,
        'text-font': ['sans-serif'],
        'text-max-width': 8,
        'text-variable-anchor': ['center', 'bottom', 'top'], // beside the cases in its middle
        'text-radial-offset': 2.2,
      },
      paint: { 'text-color': paints.text, 'text-halo-color': paints.halo, 'text-halo-width': 2 },
    },
    // Beneath the cases: whoever stands at one wants to see it.
    { id: 'me-error', type: 'circle', source: 'me', paint: { 'circle-color': paints.me, 'circle-opacity': 0.18, 'circle-radius': accuracy } },
    { id: 'me', type: 'circle', source: 'me', paint: { 'circle-color': paints.me, 'circle-radius': 11, 'circle-stroke-color': paints.halo, 'circle-stroke-width': 3 } },
    {
      id: 'heaps',
      type: 'symbol',
      source: 'cases',
      filter: ['has', 'point_count'],
      layout: {
        'icon-image': ['match', ['get', 'worst'], 3, 'signal-red', 2, 'signal-yellow', 1, 'signal-green', 'signal-none'],
        'icon-size': ['interpolate', ['linear'], ['log10', ['get', 'point_count']], 0, 1.3, 4, 2.6],
        'icon-allow-overlap': true,
      },
    },
    {
      id: 'heap-counts',
      type: 'symbol',
      source: 'cases',
      filter: ['has', 'point_count'],
      layout: {
        'text-field': ['to-string', ['get', 'point_count']],
        'text-font': ['sans-serif'],
        'text-size': 15,
        'text-offset': [0, 1.5],
        'text-allow-overlap': true,
      },
      paint: { 'text-color': paints.text, 'text-halo-color': paints.halo, 'text-halo-width': 2.4 },
    },
    {
      id: 'cases',
      type: 'symbol',
      source: 'cases',
      filter: ['!', ['has', 'point_count']],
      layout: {
        'icon-image': signal,
        'icon-size': ['interpolate', ['linear'], ['zoom'], 11, 0.7, 17, 1.5],
        'icon-allow-overlap': true,
        'symbol-sort-key': RANK,
      },
    },
  ]
}

/** Put features into a source of the map. */
export function draw(map: MapLibre, name: SourceName, features: GeoJSON.Feature[]): void {
  map.getSource<GeoJSONSource>(name)?.setData({ type: 'FeatureCollection', features })
}

/** Put a GeoJSON document into a source of the map; resolves when the map's worker has read it. */
export async function drawDocument(map: MapLibre, name: SourceName, document: Blob): Promise<void> {
  const url = URL.createObjectURL(document)
  await map.getSource<GeoJSONSource>(name)?.setData(url)
  URL.revokeObjectURL(url)
}
