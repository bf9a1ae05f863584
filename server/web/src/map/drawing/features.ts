import { sendFeature } from '@/shared/client'

/** A feature as it stands, with the ETag that a write must name. */
export interface Standing {
  id: string
  etag: string
  geometry: GeoJSON.Geometry
  properties: Record<string, unknown>
}

function path(layer: string, id?: string): string {
  return `/ogc/collections/${layer}/items${id === undefined ? '' : `/${encodeURIComponent(id)}`}`
}

/** Read one feature. Raises Problem. */
export async function readFeature(layer: string, id: string): Promise<Standing> {
  const answer = await sendFeature('GET', path(layer, id))
  const { geometry, properties } = (await answer.json()) as GeoJSON.Feature
  return { id, etag: etagOf(answer), geometry, properties: properties ?? {} }
}

/** Store a new feature. Raises Problem. */
export async function addFeature(layer: string, geometry: GeoJSON.Geometry, properties: Record<string, unknown>): Promise<Standing> {
  const answer = await sendFeature('POST', path(layer), { body: { type: 'Feature', geometry, properties } })
  const told = (await answer.json()) as GeoJSON.Feature
  return { id: String(told.id), etag: etagOf(answer), geometry: told.geometry, properties: told.properties ?? {} }
}

/** Move a feature, if it still stands as it was read; answers its new ETag. Raises Problem. */
export async function moveFeature(layer: string, id: string, etag: string, geometry: GeoJSON.Geometry): Promise<string> {
  return etagOf(await sendFeature('PATCH', path(layer, id), { body: { geometry }, etag }))
}

/** Take a feature away, if it still stands as it was read. Raises Problem. */
export async function removeFeature(layer: string, id: string, etag: string): Promise<void> {
  await sendFeature('DELETE', path(layer, id), { etag })
}

function etagOf(answer: Response): string {
  return answer.headers.get('ETag') ?? ''
}
