import type { GeoJSONSource, Map as MapLibre } from 'maplibre-gl'
import { get } from '@/shared/client'
import { asProblem, type Problem } from '@/shared/problem'
import { fromDatum, moved, type Datum } from './datum'
import { LAYERS, asQuery, boxOf, grown, inside, type Box, type LayerName } from './layers'

type Layer = (typeof LAYERS)[number]
type Told = (layer: LayerName, collection: GeoJSON.FeatureCollection) => void

/** Keeps the sources of one map filled with what lies in view: whole layers once, the others by box, none by tile. */
export class LayerLoader {
  private held = new Map<LayerName, { box: Box | null; collection: GeoJSON.FeatureCollection }>()
  private running = new Map<LayerName, AbortController>()

  constructor(
    private map: MapLibre,
    private names: readonly LayerName[],
    private told: Told,
    private failed: (layer: LayerName, problem: Problem) => void,
    private datum: Datum = 'wgs84',
  ) {}

  /** Read what the present view lacks. */
  async fill(names: readonly LayerName[] = this.names): Promise<void> {
    const wanted = LAYERS.filter(({ name, tiled }) => !tiled && this.names.includes(name) && names.includes(name))
    await Promise.all(wanted.filter((layer) => this.lacks(layer)).map((layer) => this.read(layer)))
  }

  /** Put back what was read, after the style was changed. */
  redraw(): void {
    for (const [name, { collection }] of this.held) this.draw(name, collection)
  }

  /** The box of a layer that was read. */
  boxOf(name: LayerName): Box | null {
    const held = this.held.get(name)
    return held ? boxOf(moved(held.collection, this.datum)) : null
  }

  /** Read a layer anew where it was read before. */
  async again(name: LayerName): Promise<void> {
    if (!this.held.delete(name)) return
    await this.fill([name])
  }

  stop(): void {
    this.running.forEach((request) => request.abort())
  }

  private lacks(layer: Layer): boolean {
    if (this.map.getZoom() < layer.from) return false
    const held = this.held.get(layer.name)
    return !held || (held.box !== null && !inside(this.view(), held.box))
  }

  private async read({ name, whole }: Layer): Promise<void> {
    this.running.get(name)?.abort()
    const mine = new AbortController()
    this.running.set(name, mine)
    const box = whole ? null : grown(this.view(), 0.4)
    try {
      const path = `/api/v1/map/${name}.geojson`
      const collection = await get<GeoJSON.FeatureCollection>(path, { bbox: box && asQuery(box) }, mine.signal)
      this.held.set(name, { box, collection })
      this.draw(name, collection)
      this.told(name, collection)
    } catch (thrown) {
      if (!mine.signal.aborted) this.failed(name, asProblem(thrown))
    }
  }

  private draw(name: LayerName, collection: GeoJSON.FeatureCollection): void {
    this.map.getSource<GeoJSONSource>(name)?.setData(moved(collection, this.datum))
  }

  private view(): Box {
    const bounds = this.map.getBounds()
    const [west, south] = fromDatum([bounds.getWest(), bounds.getSouth()], this.datum)
    const [east, north] = fromDatum([bounds.getEast(), bounds.getNorth()], this.datum)
    return [west, south, east, north]
  }
}
