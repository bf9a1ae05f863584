import type { StorageStatus } from './contract'
import type { PhotoRow } from './store'

const FULL_BYTES = 20_000_000
const TIGHT_DAYS = 2
const DAYS_BACK = 14
const TRIED = 'room'
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
  const told = roomOf(used_bytes, quota_bytes, held.day_bytes)
  const days_told = quota_bytes === 0 ? null : Math.max(0, Math.floor((quota_bytes - used_bytes) / held.day_bytes))
  const tried = told === 'enough' ? await roomTried((bytes) => fits(storage, bytes), held.day_bytes) : told
  const days_left = tried === told ? days_told : tried === 'full' ? 0 : 1
  return { persisted, used_bytes, quota_bytes, ...held, days_left, room: tried }
}

/** How much room is left, by trying: Chromium tells every page of ten gigabytes more than it uses. */
export async function roomTried(fit: (bytes: number) => Promise<boolean>, day_bytes: number): Promise<StorageStatus['room']> {
  if (await fit(day_bytes * TIGHT_DAYS)) return 'enough'
  return (await fit(FULL_BYTES)) ? 'tight' : 'full'
}

/** Whether so many bytes would be given: asked of a file that is never written. True where it cannot be asked. */
async function fits(storage: StorageManager | undefined, bytes: number): Promise<boolean> {
  const root = await storage?.getDirectory?.().catch(() => null)
  if (!root) return true
  // A folder of its own: what a battery that died here left goes with it.
  const clear = () => root.removeEntry(TRIED, { recursive: true }).catch(() => {})
  await clear()
  try {
    const folder = await root.getDirectoryHandle(TRIED, { create: true })
    const file = await (await folder.getFileHandle('file', { create: true })).createWritable()
    const given = await file.truncate(bytes).then(
      () => true,
      (error: Error) => error.name !== 'QuotaExceededError',
    )
    await file.abort().catch(() => {})
    return given
  } catch {
    return true
  } finally {
    await clear()
  }
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
