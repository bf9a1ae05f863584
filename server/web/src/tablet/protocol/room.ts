import type { StorageStatus } from './contract'

const TIGHT_SHARE = 0.1
const TIGHT_BYTES = 200_000_000
const FULL_BYTES = 20_000_000

/** Ask the browser not to throw the store away, and how full it is. */
export async function storageStatus(storage: StorageManager | undefined): Promise<StorageStatus> {
  const persisted = (await storage?.persisted?.()) || (await storage?.persist?.()) || false
  const { usage: used_bytes = 0, quota: quota_bytes = 0 } = (await storage?.estimate?.()) ?? {}
  return { persisted, used_bytes, quota_bytes, room: roomOf(used_bytes, quota_bytes) }
}

/** How much room is left; `enough` where the browser does not say. */
export function roomOf(used_bytes: number, quota_bytes: number): StorageStatus['room'] {
  if (quota_bytes === 0) return 'enough'
  const left = quota_bytes - used_bytes
  if (left < FULL_BYTES) return 'full'
  return left < TIGHT_BYTES || left < quota_bytes * TIGHT_SHARE ? 'tight' : 'enough'
}
