import { get, getBlob, put } from '@/shared/client'

/** How a community stands, in figures. */
export interface Progress {
  community_id: string
  community_name: string
  neighbourhood: string
  subdistrict: string
  as_of: string
  open: number
  closed: number
  closed_lately: number
  steps: { step: string; cases: number }[]
  measures: { measure: number; title_zh: string; title_en: string; open: number; closed: number }[]
}

/** A closed case as residents see it. */
export interface ClosedCase {
  number: string
  category_zh: string
  category_en: string
  grid_cell_code: string | null
  reported_on: string
  closed_on: string
  photos: { name: string; role: 'before' | 'after' }[]
}

/** A closed case as the office sees it, with what residents do not. */
export interface PublishableCase extends ClosedCase {
  case_id: string
  photos: { name: string; role: 'before' | 'after'; sha256: string; withheld: boolean; reason: string | null }[]
}

/** The code of a notice board; null while there is none. */
export interface Board {
  community_id: string
  community_name: string
  code: string | null
}

export const boardOf = (id: string) => get<Board>(`/api/v1/communities/${id}/board`)
export const makeCode = (id: string) => put<Board>(`/api/v1/communities/${id}/board`, {})
export const progressOf = (code: string) => get<Progress>(`/api/v1/public/boards/${encodeURIComponent(code)}`)

/** The QR code of a board for the address under which this page is open. Raises Problem. */
export const qrOf = (id: string, format: 'svg' | 'png') =>
  getBlob(`/api/v1/communities/${id}/board/qr`, { format, address: window.location.origin })

/** Where a blurred photo lies. */
export function photoPath(code: string, number: string, name: string): string {
  return `/api/v1/public/boards/${code}/closed/${number}/photos/${name}`
}

/** Publish a photo, or take it down with a reason; answers the case as it then stands. Raises Problem. */
export function decidePhoto(id: string, number: string, name: string, published: boolean, reason = ''): Promise<PublishableCase> {
  return put(`/api/v1/communities/${id}/published/${number}/photos/${name}`, { published, reason })
}

/** The share of closed among all, as a whole percentage; 100 only when nothing is open. */
export function shareClosed(open: number, closed: number): number {
  return open + closed ? Math.floor((100 * closed) / (open + closed)) : 0
}

/** Hand a made file to the browser's downloads. */
export function saveAs(file: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 1000)
}
