import type { Listed } from '@/reports/reports'
import { get, post } from '@/shared/client'
import type { Task } from '@/tables/tasks'

export type Polygon = { type: 'Polygon'; coordinates: number[][][] } | { type: 'MultiPolygon'; coordinates: number[][][][] }
export interface Site {
  site_id: string
  name: string
  status: string
  ports: number | null
  lon: number
  lat: number
}
/** Everything on the sheet of a community. */
export interface Sheet {
  community: {
    community_id: string
    name: string
    kind: string
    neighbourhood_name: string
    households: number
    built_year: number | null
    grid_cell_codes: string[]
    company_unit: string | null
    company_name: string | null
    origin: string
    geometry: Polygon
  }
  parts: { part: string; unit: string; name: string }[]
  contract: { kind: string; starts_on: string; ends_on: string | null; phone: string | null } | null
  built: { buildings: number; entrances: number; households: number }
  facilities: { kind: string; count: number }[]
  sites: Site[]
  inspections: { inspection_id: string; at: string; checklist: string; checklist_en: string; violations: number }[]
  measures: { measure: number; title_zh: string; title_en: string; open: Listed; overdue: Listed; closed: Listed }[]
  buildings: Polygon[]
  made_at: string
}

export const sheetOf = (id: string) => get<Sheet>(`/api/v1/communities/${id}/sheet`)
export const askWord = (id: string) => post<Task>(`/api/v1/communities/${id}/sheet/exports`, {})

type Point = [number, number]

/** The rings of a polygon or of several. */
export function rings(of: Polygon): Point[][] {
  const polygons = of.type === 'Polygon' ? [of.coordinates] : of.coordinates
  return polygons.flat().map((ring) => ring.map(([x, y]) => [x ?? 0, y ?? 0]))
}

/** Where positions fall on a picture `size` wide that holds these: north is up; a degree is as wide as in the middle. */
export function placing(points: Point[], size: number, margin: number): { at: (point: Point) => Point; height: number } {
  const xs = points.map(([x]) => x)
  const ys = points.map(([, y]) => y)
  const [west, east, south, north] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)]
  const wide = Math.cos((((south + north) / 2) * Math.PI) / 180)
  const across = Math.max((east - west) * wide, north - south, 1e-9)
  const scale = (size - 2 * margin) / across
  const shift = (size - (east - west) * wide * scale) / 2
  return {
    at: ([x, y]) => [shift + (x - west) * wide * scale, margin + (north - y) * scale],
    height: (north - south) * scale + 2 * margin,
  }
}
