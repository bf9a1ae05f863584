import type { ExpressionSpecification, GeoJSONSource, Map as MapLibre } from 'maplibre-gl'
import { toDatum, type Datum } from '@/map/datum'
import type { Heat, HotSpot, Standing } from './heat'
import { levelOf } from './heat'

/** Yellow to brown of even steps in lightness: told apart by every eye, in print and on a grey screen. */
export const RAMP = ['#fee391', '#fec44f', '#fe9929', '#d95f0e', '#993404'] as const
export const QUIET = '#e4eef0'
export const HOT = '#7a0177'
export const COLD = '#08519c'
const SIZE = 44
const LEVEL: ExpressionSpecification = ['coalesce', ['feature-state', 'level'], -2]
/** Ground and stripe of what was not visited: names that lie on it must stay readable in either theme. */
const UNSEEN = { light: ['#d3d7da', '#8d969d'], dark: ['#343d44', '#58636b'] } as const
const EMPTY: GeoJSON.FeatureCollection = { type: 'FeatureCollection', features: [] }

/** Give a map the sources and layers of heat, below what it labels. */
export function addHeat(map: MapLibre, dark: boolean): void {
  addImages(map, dark)
  const below = map.getLayer('subdistricts-label') ? 'subdistricts-label' : undefined
  map.addSource('heat', { type: 'geojson', data: EMPTY, promoteId: 'place' })
  map.addSource('hot-spots', { type: 'geojson', data: EMPTY })
  map.addLayer({ id: 'heat-fill', type: 'fill', source: 'heat', paint: { 'fill-color': colours(), 'fill-opacity': shown([0, 1, 2, 3, 4, 5]) } }, below)
  map.addLayer({ id: 'heat-unseen', type: 'fill', source: 'heat', paint: { 'fill-pattern': 'hatch', 'fill-opacity': shown([-1]) } }, below)
  map.addLayer({ id: 'heat-line', type: 'line', source: 'heat', paint: { 'line-color': '#6b7780', 'line-width': 0.5 } }, below)
  map.addLayer({
    id: 'hot-spots',
    type: 'symbol',
    source: 'hot-spots',
    layout: { 'icon-image': ['get', 'icon'], 'icon-allow-overlap': true, 'symbol-sort-key': ['get', 'rank'] },
  })
}

/** Colour every place as it stands; nothing is read or drawn anew but the colours. */
export function colour(map: MapLibre, standings: Map<string, Standing>, breaks: number[]): void {
  for (const [id, { value }] of standings) map.setFeatureState({ source: 'heat', id }, { level: levelOf(value, breaks) })
}

/** Put the outlines of the places on the map. */
export function outline(map: MapLibre, heat: Heat): void {
  map.removeFeatureState({ source: 'heat' })
  map.getSource<GeoJSONSource>('heat')?.setData(heat)
}

/** Put the marks of hot and cold places on the map. */
export function mark(map: MapLibre, spots: HotSpot[], datum: Datum = 'wgs84'): void {
  const features = spots.map((spot) => ({
    type: 'Feature' as const,
    properties: { icon: `${spot.class > 0 ? 'hot' : 'cold'}-${Math.abs(spot.class)}`, rank: Math.abs(spot.class) },
    geometry: { type: 'Point' as const, coordinates: toDatum([spot.lon, spot.lat], datum) },
  }))
  map.getSource<GeoJSONSource>('hot-spots')?.setData({ type: 'FeatureCollection', features })
}

function colours(): ExpressionSpecification {
  const steps = RAMP.flatMap((one, index) => [index + 1, one])
  return ['match', LEVEL, ...steps, QUIET] as unknown as ExpressionSpecification
}
function shown(levels: number[]): ExpressionSpecification {
  return ['case', ['in', LEVEL, ['literal', levels]], 0.88, 0]
}

function addImages(map: MapLibre, dark: boolean): void {
  if (!map.hasImage('hatch')) map.addImage('hatch', hatch(UNSEEN[dark ? 'dark' : 'light']), { pixelRatio: 2 })
  for (const kind of ['hot', 'cold'] as const) {
    for (const level of [1, 2, 3]) {
      const name = `${kind}-${level}`
      if (!map.hasImage(name)) map.addImage(name, triangle(kind, level), { pixelRatio: 2 })
    }
  }
}
function pen(size: number): OffscreenCanvasRenderingContext2D {
  const found = new OffscreenCanvas(size, size).getContext('2d')
  if (!found) throw new Error('no 2d canvas')
  return found
}
function hatch([ground, stripe]: readonly [string, string]): ImageData {
  const lines = pen(16)
  lines.fillStyle = ground
  lines.fillRect(0, 0, 16, 16)
  lines.strokeStyle = stripe
  lines.lineWidth = 2
  for (const from of [-16, 0, 16]) {
    lines.moveTo(from, 16)
    lines.lineTo(from + 16, 0)
  }
  lines.stroke()
  return lines.getImageData(0, 0, 16, 16)
}
/** Hot points up, cold points down; the surer, the larger. */
function triangle(kind: 'hot' | 'cold', level: number): ImageData {
  const mark = pen(SIZE)
  const [middle, reach] = [SIZE / 2, 8 + level * 4]
  const tip = kind === 'hot' ? -reach : reach
  mark.beginPath()
  mark.moveTo(middle, middle + tip)
  mark.lineTo(middle + reach, middle - tip * 0.8)
  mark.lineTo(middle - reach, middle - tip * 0.8)
  mark.closePath()
  mark.fillStyle = kind === 'hot' ? HOT : COLD
  mark.strokeStyle = '#ffffff'
  mark.lineWidth = 4
  mark.lineJoin = 'round'
  mark.stroke()
  mark.fill()
  return mark.getImageData(0, 0, SIZE, SIZE)
}
