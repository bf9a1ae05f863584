import { addProtocol, type Map as MapLibre, type VectorTileSource } from 'maplibre-gl'
import { getBlob } from '@/shared/client'
import { asProblem, type Problem } from '@/shared/problem'
import { shifts, type Datum } from './datum'
import { LAYERS, type LayerName } from './layers'

/** The layers that are read tile by tile, because the county holds too much of them for one answer. */
export const TILED: readonly LayerName[] = LAYERS.filter(({ tiled }) => tiled).map(({ name }) => name)

/** The deepest tiles that are asked for; nearer than that they are drawn larger. */
export const DEEPEST = 15

type Failed = (layer: LayerName, problem: Problem) => void

let failed: Failed = () => {}

/** Called when a tile could not be read. */
export function whenTileFails(callback: Failed): void {
  failed = callback
}

// The page reads its tiles itself: with the sign-in of the moment, renewed where it has run out.
addProtocol('tiles', async ({ url }, { signal }) => {
  const [path = '', coord] = url.replace('tiles://', '/tiles/').replace(/!\d+$/, '').split('@')
  try {
    return { data: await (await getBlob(`${path}.mvt`, { coord }, signal)).arrayBuffer() }
  } catch (thrown) {
    const layer = TILED.find((name) => path.startsWith(`/tiles/${name}/`))
    if (layer && !signal.aborted) failed(layer, asProblem(thrown))
    throw thrown
  }
})

/** Where MapLibre finds a layer's tiles, drawn in the datum of the map; `round` tells one reading from the next. */
export function addressOf(layer: LayerName, datum: Datum = 'wgs84', round = 0): string {
  return `tiles://${layer}/{z}/{x}/{y}${shifts(datum) ? `@${datum}` : ''}${round ? `!${round}` : ''}`
}

let rounds = 0

/** Ask for a layer's tiles again; under a new address, since MapLibre keeps what it cut out of the deepest ones by it. */
export function askAgain(map: MapLibre, layer: LayerName, datum: Datum = 'wgs84'): void {
  map.getSource<VectorTileSource>(layer)?.setTiles([addressOf(layer, datum, ++rounds)])
}
