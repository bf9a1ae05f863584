import type { LocationQuery } from 'vue-router'
import type { Device } from '@/desks/desks'

/** The tablets within reach in numbers. */
export interface Fleet {
  in_use: number
  revoked: number
  to_erase: number
  erased: number
  silent_3_days: number
  silent_7_days: number
  troubled: number
  nearly_full: number
  many_waiting: number
  held: number
  quarantined: number
  conflicts: number
  photos_missing: number
  versions: { app_version: string; tablets: number }[]
}

/** So many unsent items are many, as the server counts them. */
export const MANY = 20

export const FILTERS = ['text', 'app_version', 'troubled', 'nearly_full', 'waiting', 'wipe', 'revoked', 'silent_days'] as const
const NUMBERS: readonly string[] = ['silent_days', 'waiting']
export type Filters = Partial<Record<(typeof FILTERS)[number], string>>

/** The filters that an address carries; an unknown one, or a number that is none, is left out. */
export function filtersOf(query: LocationQuery): Filters {
  const found: Filters = {}
  for (const name of FILTERS) {
    const value = String([query[name]].flat()[0] ?? '').trim()
    if (value && (!NUMBERS.includes(name) || Number(value) >= 1)) found[name] = value
  }
  return found
}

/** What is asked of the server: days of silence are hours there. */
export function questionOf({ silent_days: days, waiting, ...filters }: Filters): Record<string, string | number> {
  const silent: Record<string, number> = days ? { silent_for_h: Math.round(Number(days) * 24) } : {}
  return { ...filters, ...silent, ...(waiting ? { waiting_from: Math.ceil(Number(waiting)) } : {}) }
}

const COLUMNS = [
  'worker_name', 'username', 'unit_code', 'name', 'platform', 'app_version', 'last_contact_at', 'pulled_at', 'pushed_at', 'clock_offset_ms',
  'held', 'quarantined', 'conflicts', 'photos_missing', 'unsent_items', 'lost_items', 'revoked_at', 'device_id',
] as const
const TOLD = ['reported_at', 'waiting_items', 'waiting_photos', 'waiting_photo_bytes', 'used_bytes', 'quota_bytes', 'days_left', 'battery_percent', 'charging'] as const

/** The tablets as rows of a table, with a head. */
export function rowsOf(devices: Device[], headOf: (column: string) => string): unknown[][] {
  return [[...COLUMNS, ...TOLD].map(headOf), ...devices.map((one) => [...COLUMNS.map((name) => one[name]), ...TOLD.map((name) => one.report?.[name])])]
}
