import type { LocationQuery } from 'vue-router'
import { get } from '@/shared/client'
import type { RoleTable } from '@/units/roles'

/** The desks of the page, and the filters of each as the API names them: the address is the question to the server. */
export const DESKS = {
  devices: ['text', 'troubled', 'revoked', 'silent_for_h'],
  held: ['worker', 'type', 'reason', 'device_id'],
  quarantine: ['worker', 'type', 'reason', 'device_id'],
  conflicts: ['resolved', 'entity', 'kind', 'device_id'],
  photos: ['worker', 'device_id'],
  gaps: ['worker', 'device_id'],
} as const

export type DeskName = keyof typeof DESKS
export type Filters = Record<string, string>

/** The desk that an address names; the tablets when it names none. */
export function deskOf(query: LocationQuery): DeskName {
  const named = String(query.desk ?? '')
  return named in DESKS ? (named as DeskName) : 'devices'
}

/** The filters that an address carries for a desk; those of other desks are left out. */
export function filtersOf(desk: DeskName, query: LocationQuery): Filters {
  const filters: Filters = {}
  for (const name of DESKS[desk]) {
    const value = [query[name]].flat()[0]?.trim()
    if (value) filters[name] = value
  }
  return filters
}

/** The filters with one of them set, or taken away when the value is empty. */
export function changed(filters: Filters, name: string, value: string | null | undefined): Filters {
  const next = { ...filters }
  delete next[name]
  const text = value?.trim()
  return text ? { ...next, [name]: text } : next
}

/** What a desk asks the server: conflicts are the open ones unless the address says otherwise. */
export function questionOf(desk: DeskName, filters: Filters): Filters {
  if (desk !== 'conflicts') return filters
  const { resolved, ...others } = filters
  return resolved === 'all' ? others : { ...others, resolved: resolved ?? 'false' }
}

/** A problem as the server told it to a tablet. */
export interface Told {
  type: string
  detail?: string
  detail_zh?: string
}

/** What a tablet last told of itself; null where it did not say. */
export interface Report {
  reported_at: string
  used_bytes: number | null
  quota_bytes: number | null
  days_left: number | null
  room: 'enough' | 'tight' | 'full' | null
  battery_percent: number | null
  charging: boolean | null
  waiting_items: number | null
  waiting_photos: number | null
  waiting_photo_bytes: number | null
  oldest_at: string | null
  nearly_full: boolean
}

/** An order to erase a tablet, and how far the tablet is with it. */
export interface Wipe {
  reason: string
  ordered_by: string
  ordered_at: string
  learned_at: string | null
  erasing_at: string | null
  erased_at: string | null
  left_items: number | null
  left_photos: number | null
  left_drafts: number | null
}

export interface Device {
  device_id: string
  username: string
  worker_name: string
  unit_code: string
  name: string
  platform: string
  app_version: string
  revoked_at: string | null
  pushed_at: string | null
  pulled_at: string | null
  last_contact_at: string
  clock_offset_ms: number | null
  acked_through: number
  held: number
  quarantined: number
  conflicts: number
  photos_missing: number
  oldest_waiting_at: string | null
  gaps: number
  lost_items: number
  unsent_items: number
  report: Report | null
  wipe: Wipe | null
}

/** A photo that a tablet still owes, and the records that name it. */
export interface AbsentPhoto {
  sha256: string
  device_id: string
  username: string
  worker_name: string
  claimed_at: string
  records: { entity: string; entity_id: string }[]
}

export interface Sent {
  data?: Record<string, unknown>
  [member: string]: unknown
}

/** An item that waits for something or for a person. */
export interface OpenItem {
  device_id: string
  seq: number
  mid: string
  digest: string
  type: string
  entity_id: string | null
  used_twice: boolean
  username: string
  worker_name: string
  device_name: string | null
  device_revoked_at: string | null
  device_time: string | null
  received_at: string
  decided_at: string
  problem: Told | null
  waits_for: string[]
  sent: Sent | null
}

export interface Decision {
  action: string
  became: string
}

export interface Gap {
  device_id: string
  from_seq: number
  to_seq: number
  reason: string
  declared_at: string
  username: string
  worker_name: string
}

export interface Conflict {
  conflict_id: string
  kind: 'field' | 'geometry' | 'deleted' | 'not_done' | 'item'
  entity: string
  entity_id: string
  name: string | null
  field: string | null
  /** Of a field of facts, the one that it is about. */
  fact: string | null
  type: string
  old: unknown
  sent: unknown
  stood: unknown
  other: unknown
  current: unknown
  version: number | null
  payload: Record<string, unknown> | null
  worker: { user_id: string; name: string }
  device_id: string
  seq: number
  noted_at: string
  resolution: {
    choose: string
    value: unknown
    reason: string
    by: { name: string }
    resolved_at: string
  } | null
}

/** The roles that work with a tablet: they pull and push. Raises Problem. */
export async function syncingRoles(): Promise<string[]> {
  const { roles, actions } = await get<RoleTable>('/api/v1/roles')
  const may = (action: string, role: string) => actions.some((one) => one.action === action && role in one.reach)
  return roles.filter((role) => may('sync.push', role) && may('sync.pull', role))
}

/** A code for one person's tablet, and the QR code that holds it. */
export interface Invitation {
  enrolment_code: string
  expires_at: string
  invitation_url: string
  qr_svg: string
}

/** Why a tablet would not get far with an address: it names this machine only, or has no https. */
export function leadsNowhere(address: string): 'thisMachine' | 'noHttps' | null {
  if (!URL.canParse(address)) return null
  const { hostname, protocol } = new URL(address)
  if (['localhost', '127.0.0.1', '[::1]'].includes(hostname)) return 'thisMachine'
  return protocol === 'https:' ? null : 'noHttps'
}

/** How much waits at each desk. */
export interface Waiting {
  held: number
  quarantined: number
  conflicts: number
}

/** What an item waits for (`mid:0198…`, `leader`) as a kind and what it names. */
export function waitFor(text: string): { kind: string; key: string } {
  const [kind = '', ...rest] = text.split(':')
  return { kind, key: rest.join(':') }
}

/** A clock's error in the largest unit that keeps two figures: +3 s, −12 min, +2 h, +40 d. Nothing below a second. */
export function clockError(ms: number): { amount: number; unit: 's' | 'min' | 'h' | 'd' } | null {
  const seconds = Math.round(ms / 1000)
  const size = Math.abs(seconds)
  if (size === 0) return null
  if (size < 120) return { amount: seconds, unit: 's' }
  if (size < 7200) return { amount: Math.round(seconds / 60), unit: 'min' }
  if (size < 172_800) return { amount: Math.round(seconds / 3600), unit: 'h' }
  return { amount: Math.round(seconds / 86_400), unit: 'd' }
}

/** The kind of plain value that a disputed field holds, so that a third one can be typed; null for anything else. */
export function plainKind(conflict: Conflict): 'text' | 'number' | null {
  if (!conflict.field || conflict.kind !== 'field') return null
  const known = [conflict.sent, conflict.stood, conflict.current].filter((value) => value !== null && value !== undefined)
  if (known.length === 0) return null
  if (known.every((value) => typeof value === 'string')) return 'text'
  return known.every((value) => typeof value === 'number') ? 'number' : null
}

/** Whether two JSON values say the same. */
export function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one ?? null) === JSON.stringify(other ?? null)
}
