import type { StorageStatus } from './contract'
import type { PhotoRow } from './store'

const FULL_BYTES = 20_000_000
const TIGHT_DAYS = 2
const DAYS_BACK = 14
const DAY_MS = 86_400_000
// A day on which much was found: sixty photos as the tablet shrinks them. Who takes more is reckoned by what he took.
const LEAST_DAY_BYTES = 60 * 900_000

/** What the store itself says of its room. */
export interface Held {
  /** What the busiest of the last days needed. */
  day_bytes: number
  waiting_bytes: number
  seen_bytes: number
}

/** Ask the browser not to throw the store away, and how full it is. */
export async function storageStatus(storage: StorageManager | undefined, held: Held): Promise<StorageStatus> {
  const persisted = (await storage?.persisted?.()) || (await storage?.persist?.()) || false
  const { usage: used_bytes = 0, quota: quota_bytes = 0 } = (await storage?.estimate?.()) ?? {}
  const days_left = quota_bytes === 0 ? null : Math.max(0, Math.floor((quota_bytes - used_bytes) / held.day_bytes))
  return { persisted, used_bytes, quota_bytes, ...held, days_left, room: roomOf(used_bytes, quota_bytes, held.day_bytes) }
}

/** How much room is left against what a day of this worker needs; `enough` where the browser does not say. */
export function roomOf(used_bytes: number, quota_bytes: number, day_bytes: number): StorageStatus['room'] {
  if (quota_bytes === 0) return 'enough'
  const left = quota_bytes - used_bytes
  if (left < FULL_BYTES) return 'full'
  return left < day_bytes * TIGHT_DAYS ? 'tight' : 'enough'
}

/** What the photos of the busiest of the last two weeks' days took, and at least what a busy day takes. */
export function dayBytes(photos: readonly Pick<PhotoRow, 'added_at' | 'size'>[], now: number): number {
  const days = new Map<number, number>()
  for (const { added_at, size } of photos) {
    const ago = Math.floor((now - Date.parse(added_at)) / DAY_MS)
    if (ago >= 0 && ago < DAYS_BACK) days.set(ago, (days.get(ago) ?? 0) + size)
  }
  return Math.max(LEAST_DAY_BYTES, ...days.values())
}
