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
const HEAPED = { cluster: true, clusterMaxZoom: 15, clusterRadius: 46, clusterProperties: { worst: ['max', RANK] } }

export const EMPTY: GeoJSON.FeatureCollection = { type: 'FeatureCollection', features: [] }
export const SOURCES = ['cells', 'communities', 'cases', 'me'] as const
export type SourceName = (typeof SOURCES)[number]

/** A map of the worker's own cells: no tile, no base map, all of it from the tablet's own store. */
export function fieldStyle(dark: boolean): StyleSpecification {
  const paints = dark ? DARK : LIGHT
  return {
    version: 8,
    sources: Object.fromEntries(SOURCES.map((name) => [name, { type: 'geojson', data: EMPTY, ...(name === 'cases' && HEAPED) }])),
    layers: [{ id: 'ground', type: 'background', paint: { 'background-color': paints.ground } }, ...drawn(paints)],
  }
}

function drawn(paints: Paints): LayerSpecification[] {
  const signal: ExpressionSpecification = ['match', ['get', 'signal'], ...SIGNAL_ICONS, 'signal-none'] as never
  const accuracy: ExpressionSpecification = ['interpolate', ['exponential', 2], ['zoom'], 10, ['*', ['get', 'accuracy_m'], 0.008], 20, ['*', ['get', 'accuracy_m'], 8.2]]
  return [
    { id: 'cells-fill', type: 'fill', source: 'cells', paint: { 'fill-color': paints.cellFill } },
    { id: 'communities-fill', type: 'fill', source: 'communities', paint: { 'fill-color': paints.community } },
    { id: 'cells-line', type: 'line', source: 'cells', paint: { 'line-color': paints.cell, 'line-width': 1.4, 'line-dasharray': [4, 2] } },
    { id: 'communities-line', type: 'line', source: 'communities', paint: { 'line-color': paints.communityLine, 'line-width': 2 } },
    {
      id: 'communities-label',
      type: 'symbol',
      source: 'communities',
      minzoom: 13,
      layout: { 'text-field': ['get', 'name'], 'text-size': 15, 'text-font': ['sans-serif'], 'text-max-width': 8 },
      paint: { 'text-color': paints.text, 'text-halo-color': paints.halo, 'text-halo-width': 2 },
    },
    {
      id: 'heaps',
      type: 'symbol',
      source: 'cases',
      filter: ['has', 'point_count'],
      layout: {
        'icon-image': ['match', ['get', 'worst'], 3, 'signal-red', 2, 'signal-yellow', 1, 'signal-green', 'signal-none'],
        'icon-size': ['interpolate', ['linear'], ['log10', ['get', 'point_count']], 0, 1.3, 4, 2.6],
        'icon-allow-overlap': true,
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
    { id: 'me-error', type: 'circle', source: 'me', paint: { 'circle-color': paints.me, 'circle-opacity': 0.18, 'circle-radius': accuracy } },
    { id: 'me', type: 'circle', source: 'me', paint: { 'circle-color': paints.me, 'circle-radius': 8, 'circle-stroke-color': paints.halo, 'circle-stroke-width': 3 } },
  ]
}

/** Put features into a source of the map. */
export function draw(map: MapLibre, name: SourceName, features: GeoJSON.Feature[]): void {
  map.getSource<GeoJSONSource>(name)?.setData({ type: 'FeatureCollection', features })
}
