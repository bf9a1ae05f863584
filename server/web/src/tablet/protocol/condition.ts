import { APP } from './handing'
import { dayBytes, roomOf } from './room'
import type { Store } from './store'
import type { Battery, Surroundings } from './surroundings'

/** How often an unchanged tablet tells of itself. */
const TOLD_EVERY_MS = 600_000
const PERCENT = 100

/** What a tablet tells of itself with its sync, so that the office sees who is in need; null where it cannot know. */
export interface Condition {
  app_version: string
  storage: { used_bytes: number; quota_bytes: number; days_left: number | null; room: string } | null
  battery: { percent: number; charging: boolean } | null
  outbox: { items: number; photos: number; photo_bytes: number; oldest_at: string | null }
}

/** How this tablet stands now. */
export async function condition(store: Store, around: Surroundings): Promise<Condition> {
  const photos = await store.photos.toArray()
  const waiting = photos.filter((photo) => photo.state === 'waiting')
  const items = store.items.where('state').equals('waiting')
  const made = (await items.sortBy('seq')).map((row) => row.body.device_time)
  return {
    app_version: APP,
    storage: roomTold(await around.room(), dayBytes(photos, around.now())),
    battery: batteryTold((await store.fact('battery')) ?? null),
    outbox: {
      items: made.length,
      photos: waiting.length,
      photo_bytes: waiting.reduce((sum, photo) => sum + photo.size, 0),
      oldest_at: made[0] ?? null,
    },
  }
}

/** Whether the office should hear it now: something changed in what waits, or it has not heard for a while. */
export function worthTelling(next: Condition, told: { outbox: Condition['outbox']; at: number } | undefined, now: number): boolean {
  if (!told || Math.abs(now - told.at) >= TOLD_EVERY_MS) return true
  return JSON.stringify(told.outbox) !== JSON.stringify(next.outbox)
}

/** How full the store is; null where the browser tells no quota. */
export function roomTold({ usage = 0, quota = 0 }: StorageEstimate, day_bytes: number): Condition['storage'] {
  if (!(quota > 0)) return null
  const days_left = Math.max(0, Math.floor((quota - usage) / day_bytes))
  return { used_bytes: Math.round(usage), quota_bytes: Math.round(quota), days_left, room: roomOf(usage, quota, day_bytes) }
}

function batteryTold(battery: Battery | null): Condition['battery'] {
  if (!battery || !(battery.level >= 0 && battery.level <= 1)) return null
  return { percent: Math.round(battery.level * PERCENT), charging: battery.charging }
}
