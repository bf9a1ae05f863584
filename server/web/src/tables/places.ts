import type { Geometry, Position } from 'geojson'

/** A layer that files may hold. */
export interface PlaceLayer {
  name: string
  title: string
  shape: string
  columns: { name: string; required: boolean }[]
}

export const OSM = 'osm'
export const DATUMS = ['wgs84', 'cgcs2000', 'gcj02', 'bd09'] as const
export const FORMATS = ['gpkg', 'geojson', 'shapefile', 'csv'] as const

/** Titles hold the Chinese words and then the English ones. */
export function titleOf(layer: PlaceLayer, locale: string): string {
  const at = layer.title.indexOf(' ')
  if (at < 0) return layer.title || layer.name
  return locale.startsWith('zh') ? layer.title.slice(0, at) : layer.title.slice(at + 1)
}

/** `楼名=name，层=floors` as columns by field. */
export function mappingOf(text: string): Record<string, string> {
  const found: Record<string, string> = {}
  for (const pair of text.split(/[,，;；\n]/)) {
    const [field = '', column = ''] = pair.split('=').map((part) => part.trim())
    if (field && column) found[field] = column
  }
  return found
}

export interface Frame {
  west: number
  north: number
  scale: number
  shrink: number
}

/** A frame in which all geometries fit a picture of this width; degrees of longitude are shrunk as they are here. */
export function frameOf(geometries: Geometry[], width: number, height: number): Frame {
  const all = geometries.flatMap(corners)
  const lons = all.map(([lon = 0]) => lon)
  const lats = all.map(([, lat = 0]) => lat)
  const [west, east] = [least(lons), -least(lons.map((lon) => -lon))]
  const [south, north] = [least(lats), -least(lats.map((lat) => -lat))]
  const shrink = Math.cos((((south + north) / 2) * Math.PI) / 180)
  const scale = Math.min(width / Math.max((east - west) * shrink, 1e-4), height / Math.max(north - south, 1e-4))
  return { west, north, scale, shrink }
}

/** The path of an SVG that draws a geometry; points are drawn by `corners`. */
export function pathOf(geometry: Geometry, frame: Frame): string {
  return lines(geometry)
    .map((line) => `M${line.map((corner) => placed(corner, frame).join(' ')).join('L')}`)
    .join('')
}

export function placed([lon = 0, lat = 0]: Position, frame: Frame): [number, number] {
  return [round((lon - frame.west) * frame.shrink * frame.scale), round((frame.north - lat) * frame.scale)]
}

export function corners(geometry: Geometry): Position[] {
  return geometry.type === 'Point' ? [geometry.coordinates] : lines(geometry).flat()
}

function lines(geometry: Geometry): Position[][] {
  if (geometry.type === 'LineString') return [geometry.coordinates]
  if (geometry.type === 'Polygon') return geometry.coordinates
  return geometry.type === 'MultiPolygon' ? geometry.coordinates.flat() : []
}

function least(values: number[]): number {
  return values.reduce((one, other) => Math.min(one, other), Infinity)
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
