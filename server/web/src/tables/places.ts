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

export const KINDS = ['created', 'changed', 'refused'] as const

/** What one row of a file would do, or why it cannot. */
export interface Change {
  row: number
  what: (typeof KINDS)[number]
  name: string | null
  faults?: string
  faults_zh?: string
}
