import type { LayerName } from '../layers'

export type Shape = 'Point' | 'LineString' | 'Polygon'

/** What can be drawn anew: its shape, and the kinds to choose among. */
export const DRAWABLE: { layer: LayerName; entity: string; shape: Shape; kinds?: readonly string[] }[] = [
  { layer: 'open-ground', entity: 'open_ground', shape: 'Polygon', kinds: ['square', 'green', 'yard', 'parking', 'bike_shed', 'ladder_ground', 'other'] },
  { layer: 'fire-lanes', entity: 'fire_lane', shape: 'Polygon' },
  { layer: 'buildings', entity: 'building', shape: 'Polygon' },
  { layer: 'footways', entity: 'footway', shape: 'LineString' },
  { layer: 'gates', entity: 'gate', shape: 'Point', kinds: ['pedestrian', 'vehicle', 'both', 'emergency'] },
  { layer: 'entrances', entity: 'entrance', shape: 'Point' },
]

/** The right that moving a thing of a layer needs; null where it cannot be moved on the map. */
export function rightToMove(layer: string): string | null {
  if (layer === 'communities') return 'community.edit'
  const found = DRAWABLE.find((one) => one.layer === layer)
  return found ? `${found.entity}.edit` : null
}

/** The polygons, lines or points that a pen can hold of a geometry; null for what it cannot: holes. */
export function partsOf(geometry: GeoJSON.Geometry): GeoJSON.Geometry[] | null {
  if (geometry.type === 'MultiPolygon') {
    return geometry.coordinates.every((rings) => rings.length === 1) ? geometry.coordinates.map((coordinates) => ({ type: 'Polygon', coordinates })) : null
  }
  if (geometry.type === 'Polygon') return geometry.coordinates.length === 1 ? [geometry] : null
  return geometry.type === 'Point' || geometry.type === 'LineString' ? [geometry] : null
}

/** One geometry of the parts that a pen left, of the type that it had before. */
export function wholeOf(parts: GeoJSON.Geometry[], type: GeoJSON.Geometry['type']): GeoJSON.Geometry | null {
  if (!parts.length) return null
  if (type !== 'MultiPolygon') return parts[0]!
  return { type, coordinates: parts.flatMap((part) => (part.type === 'Polygon' ? [part.coordinates] : [])) }
}
