import { Map as MapLibre, NavigationControl, ScaleControl, setWorkerUrl, type MapOptions } from 'maplibre-gl'
import 'maplibre-gl/dist/maplibre-gl.css'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'
import type { Composer } from 'vue-i18n'
import './controls.css'
import { CoordinateControl } from './coordinates'
import { addSignals } from './signals'
import type { BaseMap } from './base'
import { toDatum } from './datum'
import { GROUND, type LayerName } from './layers'
import { mapStyle } from './style'

setWorkerUrl(workerUrl)

export const COUNTY_CENTRE: [number, number] = [117.28, 35.66]

/**
 * Start a map of these layers (the ground alone unless more are named), north up, with its scale bar and coordinates; without a
 * base map unless one is given, whose datum is then the map's own. Raises when the browser has no WebGL.
 */
export function startMap(
  container: HTMLElement,
  dark: boolean,
  t: Composer['t'],
  options: Partial<MapOptions> = {},
  layers: readonly LayerName[] = GROUND,
  base: BaseMap | null = null,
): MapLibre {
  const map = new MapLibre({
    container,
    style: mapStyle(dark, layers, base),
    center: toDatum(COUNTY_CENTRE, base?.datum ?? 'wgs84'),
    zoom: 9.5,
    minZoom: 7,
    maxZoom: 20,
    maxPitch: 0,
    attributionControl: base?.attribution ? { compact: true } : false,
    locale: {
      'NavigationControl.ZoomIn': t('map.control.zoomIn'),
      'NavigationControl.ZoomOut': t('map.control.zoomOut'),
      'NavigationControl.ResetBearing': t('map.control.north'),
      'Map.Title': t('map.control.map'),
    },
    ...options,
  })
  map.addControl(new NavigationControl({ visualizePitch: false }), 'top-right')
  map.addControl(new ScaleControl({ unit: 'metric', maxWidth: 120 }), 'bottom-left')
  map.addControl(new CoordinateControl(base?.datum ?? 'wgs84', t('map.control.coordinates')), 'bottom-right')
  map.on('style.load', () => addSignals(map))
  return map
}
