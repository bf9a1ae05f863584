import type { ExpressionSpecification, GeoJSONSource, Map as MapLibre } from 'maplibre-gl'

/** Blue, orange and vermilion of Okabe and Ito: told apart by everybody; shape and rim differ, too. */
export const COLOURS = { served: '#0072b2', straight: '#e69f00', unserved: '#d55e00', free: '#5c7382', rejected: '#8d979f', beside: '#a3447f', no: '#b3261e', ground: '#cfe3c4', lane: '#b3261e', exit: '#5d8797', gate: '#7b3f9e' } as const
export const HEAT = ['#fee391', '#fec44f', '#fe9929', '#d95f0e', '#993404'] as const
const EMPTY: GeoJSON.FeatureCollection = { type: 'FeatureCollection', features: [] }
const SOURCES = ['fly-wires', 'no-go', 'reach', 'links', 'places', 'demand', 'shut-gates', 'sites'] as const
export type Source = (typeof SOURCES)[number]

/** Give a map the layers of siting; everything is empty until it is told. */
export function addSiting(map: MapLibre, dark: boolean): void {
  const below = map.getLayer('communities-label') ? 'communities-label' : undefined
  const rim = dark ? '#12181d' : '#ffffff'
  for (const name of SOURCES) map.addSource(name, { type: 'geojson', data: EMPTY, promoteId: 'id' })
  const onTop = (id: string, type: string, source: Source, rest: object, under?: string) => map.addLayer({ id, type, source, ...rest } as never, under)
  const at = (id: string, type: string, source: Source, rest: object) => onTop(id, type, source, rest, below)
  at('fly-wires-fill', 'fill', 'fly-wires', { paint: { 'fill-color': heat(), 'fill-opacity': 0.45 } })
  at('no-go-fill', 'fill', 'no-go', { paint: { 'fill-color': COLOURS.no, 'fill-opacity': 0.16 } })
  at('no-go-line', 'line', 'no-go', { paint: { 'line-color': COLOURS.no, 'line-width': 1.6, 'line-dasharray': [3, 2] } })
  at('reach-line', 'line', 'reach', { paint: { 'line-color': COLOURS.served, 'line-width': 1.2, 'line-dasharray': [4, 3] } })
  at('links-line', 'line', 'links', { paint: { 'line-color': COLOURS.served, 'line-width': 1, 'line-opacity': 0.7 } })
  at('rejected-dots', 'circle', 'places', {
    filter: ['==', ['get', 'status'], 'rejected'],
    minzoom: 15,
    paint: { 'circle-radius': zoomed(1.2, 4), 'circle-color': 'rgba(0,0,0,0)', 'circle-stroke-color': COLOURS.rejected, 'circle-stroke-width': 1.2 },
  })
  at('free-dots', 'circle', 'places', {
    filter: ['==', ['get', 'status'], 'free'],
    minzoom: 14,
    paint: { 'circle-radius': zoomed(1.6, 5), 'circle-color': COLOURS.free, 'circle-opacity': 0.75 },
  })
  onTop('demand-dots', 'circle', 'demand', {
    paint: {
      'circle-radius': ['interpolate', ['linear'], ['sqrt', ['get', 'weight']], 0, 2.5, 20, 10],
      'circle-color': ['match', ['get', 'how'], 'served', COLOURS.served, 'straight', COLOURS.straight, 'unserved', rim, COLOURS.free],
      'circle-opacity': ['case', lit(), 1, ['==', ['get', 'how'], 'served'], 0.6, 0.9],
      'circle-stroke-color': ['match', ['get', 'how'], 'unserved', COLOURS.unserved, rim],
      'circle-stroke-width': ['case', lit(), 3, ['==', ['get', 'how'], 'unserved'], 2.2, 0.8],
    },
  })
  onTop('shut-gates-marks', 'circle', 'shut-gates', {
    minzoom: 13,
    paint: {
      'circle-radius': 8,
      'circle-color': ['case', ['get', 'open'], COLOURS.gate, rim],
      'circle-stroke-color': COLOURS.gate,
      'circle-stroke-width': 2,
    },
  })
  onTop('shut-gates-sign', 'symbol', 'shut-gates', {
    minzoom: 13,
    layout: { 'text-field': ['get', 'sign'], 'text-size': 13, 'text-font': ['sans-serif'], 'text-allow-overlap': true },
    paint: { 'text-color': ['case', ['get', 'open'], '#ffffff', dark ? '#d9b3f0' : COLOURS.gate] },
  })
  onTop('sites-marks', 'circle', 'sites', {
    paint: {
      'circle-radius': ['case', ['get', 'existing'], 8, 12],
      'circle-color': ['match', ['get', 'whose'], 'second', COLOURS.beside, COLOURS.served],
      'circle-stroke-color': ['case', ['boolean', ['feature-state', 'chosen'], false], '#e69f00', rim],
      'circle-stroke-width': ['case', ['boolean', ['feature-state', 'chosen'], false], 4, ['get', 'forced'], 4, 2],
    },
  })
  onTop('sites-label', 'symbol', 'sites', {
    layout: { 'text-field': ['get', 'number'], 'text-size': 12, 'text-font': ['sans-serif'], 'text-allow-overlap': true },
    paint: { 'text-color': '#ffffff' },
  })
}

const lit = (): ExpressionSpecification => ['boolean', ['feature-state', 'lit'], false]
const zoomed = (far: number, near: number): ExpressionSpecification => ['interpolate', ['linear'], ['zoom'], 12, far, 18, near]
const heat = (): ExpressionSpecification => ['step', ['get', 'count'], 'rgba(0,0,0,0)', 1, HEAT[0], 2, HEAT[1], 4, HEAT[2], 8, HEAT[3], 16, HEAT[4]]

/** Put features on the map. */
export function put(map: MapLibre, source: Source, features: GeoJSON.Feature[]): void {
  map.getSource<GeoJSONSource>(source)?.setData({ type: 'FeatureCollection', features })
}

/** A circle of metres around a point, near enough for a drawing. */
export function circle([lon, lat]: [number, number], metres: number): GeoJSON.Feature {
  const [dy, dx] = [metres / 111_195, metres / (111_195 * Math.cos((lat * Math.PI) / 180))]
  const turn = Array.from({ length: 73 }, (_, step) => (step * Math.PI) / 36)
  const ring = turn.map((angle) => [lon + dx * Math.cos(angle), lat + dy * Math.sin(angle)])
  return { type: 'Feature', geometry: { type: 'LineString', coordinates: ring }, properties: {} }
}
