import { Map as MapLibre, NavigationControl, ScaleControl, setWorkerUrl, type MapOptions } from 'maplibre-gl'
import 'maplibre-gl/dist/maplibre-gl.css'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'

setWorkerUrl(workerUrl)

/** Start a map for one hand: north up, with its scale, large buttons, nothing from outside. Raises without WebGL. */
export function startFieldMap(options: MapOptions & { title: string }, t: (key: string) => string): MapLibre {
  const { title, ...rest } = options
  const map = new MapLibre({
    fitBoundsOptions: { padding: 28, maxZoom: 17, animate: false },
    maxPitch: 0,
    attributionControl: false,
    cooperativeGestures: false,
    dragRotate: false,
    locale: { 'Map.Title': title, 'NavigationControl.ZoomIn': t('shell.zoomIn'), 'NavigationControl.ZoomOut': t('shell.zoomOut') },
    ...rest,
  })
  map.addControl(new NavigationControl({ showCompass: false }), 'bottom-right')
  map.addControl(new ScaleControl({ unit: 'metric', maxWidth: 110 }), 'bottom-left')
  return map
}
