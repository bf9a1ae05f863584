import type { RouteLocationRaw } from 'vue-router'

/** One thing told to the reader or to their unit. */
export interface Notice {
  notification_id: string
  kind: string
  unit_code: string | null
  entity: string
  entity_id: string
  title_zh: string
  title_en: string
  created_at: string
  read_at: string | null
}

/** Where a unit is told besides the inbox. */
export interface Channel {
  channel_id: string
  unit_code: string
  kind: 'webhook' | 'email'
  address: string
  active: boolean
}

/** A delivery that was given up. */
export interface DeadLetter {
  notification_id: string
  channel_id: string
  unit_code: string
  address: string
  title_zh: string
  title_en: string
  attempts: number
  last_error: string | null
  ended_at: string
}

export const MOST_COUNTED = 1000
const PAGES: Record<string, string> = { case: 'case', paper: 'paper', inspection: 'inspection', complaint: 'complaint', joint_action: 'joint-action', hotline_order: 'hotline-order', charging_work: 'charging-work', vote: 'vote' }

/** The page of the record that a notice names; null where it has none. */
export function placeOf(notice: Pick<Notice, 'entity' | 'entity_id'>, knows: (page: string) => boolean): RouteLocationRaw | null {
  if (notice.entity === 'stand_in') return { name: 'stand-ins', query: { id: notice.entity_id } }
  const page = PAGES[notice.entity]
  return page && knows(page) ? { name: page, params: { id: notice.entity_id } } : null
}

/** How a number of unread notices is written on the bell: nothing for none, 99+ above that. */
export function badge(unread: number): string {
  if (unread <= 0) return ''
  return unread > 99 ? '99+' : String(unread)
}

/** The notices with these marked as read at a moment; those that were read keep theirs. */
export function marked(notices: Notice[], ids: ReadonlySet<string>, at: string): Notice[] {
  return notices.map((one) => (ids.has(one.notification_id) && !one.read_at ? { ...one, read_at: at } : one))
}

/** A fresh UUID; also where the page came over plain http and the browser withholds `randomUUID`. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = (bytes[6]! & 0x0f) | 0x40
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
