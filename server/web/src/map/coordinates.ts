import type { IControl, Map as MapLibre, MapMouseEvent } from 'maplibre-gl'
import { fromDatum, type Datum } from './datum'

/** Where the pointer is, or the middle of the map when none is over it: longitude and latitude in WGS 84. */
export class CoordinateControl implements IControl {
  private readonly box = document.createElement('output')
  private map: MapLibre | null = null

  constructor(
    private readonly datum: Datum,
    label: string,
  ) {
    this.box.className = 'maplibregl-ctrl coordinates mono'
    this.box.setAttribute('aria-label', label)
    this.box.setAttribute('aria-live', 'off') // it follows the pointer: nobody wants all of it read out
  }
  onAdd(map: MapLibre): HTMLElement {
    this.map = map
    map.on('mousemove', this.follow)
    map.on('mouseout', this.middle)
    map.on('move', this.middle)
    this.middle()
    return this.box
  }
  onRemove() {
    this.map?.off('mousemove', this.follow)
    this.map?.off('mouseout', this.middle)
    this.map?.off('move', this.middle)
    this.box.remove()
    this.map = null
  }
  private readonly follow = ({ lngLat }: MapMouseEvent) => this.tell(lngLat.lng, lngLat.lat)
  private readonly middle = () => {
    const at = this.map?.getCenter()
    if (at) this.tell(at.lng, at.lat)
  }
  private tell(lng: number, lat: number) {
    this.box.textContent = `${fromDatum([lng, lat], this.datum).map((one) => one.toFixed(5)).join(', ')} WGS 84`
  }
}
