import type { Report } from '@/desks/desks'

/** Older than this a report says little about the tablet of today. */
const STALE_MS = 86_400_000
const LOW_PERCENT = 20

/** How a tablet's own report reads: what is in need, and whether it is too old to go by. */
export interface Reading {
  stale: boolean
  /** How full its store is, in percent; null where it did not say. */
  full_percent: number | null
  low: boolean
}

export function readingOf(report: Report, now: Date): Reading {
  const { used_bytes, quota_bytes, battery_percent, charging } = report
  return {
    stale: now.getTime() - Date.parse(report.reported_at) > STALE_MS,
    full_percent: quota_bytes ? Math.min(100, Math.round((100 * (used_bytes ?? 0)) / quota_bytes)) : null,
    low: battery_percent !== null && battery_percent <= LOW_PERCENT && !charging,
  }
}
