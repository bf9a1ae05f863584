import type { LayerSpecification, SourceSpecification } from 'maplibre-gl'
import { addProtocol } from 'maplibre-gl'
import { get } from '@/shared/client'
import type { Datum } from './datum'

/** The picture below a map, in a datum of its own. */
export interface BaseMap {
  kind: 'xyz' | 'pmtiles'
  url: string
  datum: Datum
  attribution: string
  min_zoom: number
  max_zoom: number
  tile_size: 256 | 512
}

let asked: Promise<BaseMap | null> | null = null
let packed = false

/** The county's base map, asked for once; null where none is set or it cannot be read: maps do without one. */
export function baseMap(): Promise<BaseMap | null> {
  asked ??= read().catch(() => {
    asked = null
    return null
  })
  return asked
}

/** What a style needs to show it. */
export function baseSource(base: BaseMap): SourceSpecification {
  const about = { type: 'raster' as const, tileSize: base.tile_size, minzoom: base.min_zoom, maxzoom: base.max_zoom, attribution: base.attribution }
  const url = new URL(base.url, location.href).href.replace(/%7B/gi, '{').replace(/%7D/gi, '}')
  return base.kind === 'pmtiles' ? { ...about, url: `pmtiles://${url}` } : { ...about, tiles: [url] }
}

/** The picture, paler than what is laid over it. */
export function baseLayer(dark: boolean): LayerSpecification {
  return { id: 'base', type: 'raster', source: 'base', paint: { 'raster-opacity': dark ? 0.55 : 0.85, ...(dark && { 'raster-brightness-max': 0.7 }) } }
}

async function read(): Promise<BaseMap | null> {
  const { base_map: found } = await get<{ base_map: BaseMap | null }>('/api/v1/base-map')
  if (found?.kind === 'pmtiles' && !packed) {
    const { Protocol } = await import('pmtiles')
    addProtocol('pmtiles', new Protocol().tile)
    packed = true
  }
  return found
}
