import { post } from '@/shared/client'

/** A cell as it stands after a change, with what lies in it. */
export interface NewCell {
  code: string
  area_m2: number
  geometry: GeoJSON.Polygon
  communities: number
  open_cases: number
}
/** What a change of cells did, or would do. */
export interface CellsChanged {
  change_id: string | null
  kind: 'split' | 'merge' | 'redraw'
  dry_run: boolean
  ended: string[]
  cells: NewCell[]
  workers: { user_id: string; display_name: string }[]
  communities: number
  open_cases: number
}
/** A change that is asked for, ready to be tried and done. */
export interface CellChange {
  path: string
  body: Record<string, unknown>
}

export function splitOf(code: string, line: GeoJSON.Geometry): CellChange {
  return { path: `/${code}/split`, body: { line } }
}
export function mergeOf(codes: string[]): CellChange {
  return { path: '/merge', body: { codes } }
}
export function redrawOf(code: string, outline: GeoJSON.Geometry): CellChange {
  return { path: `/${code}/redraw`, body: { outline } }
}

/** Tell what a change would move, or carry it out. Raises Problem. */
export function change({ path, body }: CellChange, why: string, dryRun: boolean): Promise<CellsChanged> {
  return post<CellsChanged>(`/api/v1/grid-cells${path}`, { ...body, why, dry_run: dryRun })
}

/** Let the ended cells hold again. Raises Problem. */
export function undo(changeId: string): Promise<CellsChanged> {
  return post<CellsChanged>(`/api/v1/grid-cells/changes/${changeId}/undo`, {})
}

/** The outlines of a preview, as a map draws them. */
export function previewOf(told: CellsChanged | null): GeoJSON.FeatureCollection {
  const features = (told?.cells ?? []).map(({ code, geometry }) => ({ type: 'Feature' as const, geometry, properties: { code } }))
  return { type: 'FeatureCollection', features }
}
