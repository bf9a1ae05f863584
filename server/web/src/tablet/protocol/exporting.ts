import type { SpanClock } from './clock'
import type { Outbox } from './contract'
import { APP, cut, envelope } from './handing'
import type { ItemRow, Store } from './store'
import { type Entry, MOST_BYTES, zipped } from './zip'

const MOST_PHOTOS = 19_000

/** All items without a fate and all photos that have not arrived, as the file that `wangge sync import` takes. */
export async function exported(store: Store, username: string, clock: SpanClock, now: number): ReturnType<Outbox['export']> {
  const items = await leaving(store, new Date(now).toISOString())
  const envelopes = await envelopesOf(store, items, clock)
  const photos = await photosOf(store)
  const manifest = {
    format: 'wangge-outbox',
    version: 1,
    device_id: store.device_id,
    user: username,
    app: APP,
    exported_at: new Date(now).toISOString(),
    envelopes: envelopes.length,
    photos: photos.length,
  }
  const told: Entry[] = [
    { name: 'manifest.json', blob: new Blob([JSON.stringify(manifest)]) },
    { name: 'envelopes.jsonl', blob: new Blob(envelopes.map((line) => `${line}\n`)) },
  ]
  const file = await zipped([...told, ...photos], new Date(now))
  return { file, name: `${store.device_id}.outbox.zip`, items: items.length, photos: photos.length }
}

/** The items without a fate, of which it is written down that they leave by a file: none of them is taken back later. */
async function leaving(store: Store, exported_at: string): Promise<ItemRow[]> {
  return store.transaction('rw', store.items, async () => {
    await store.items.where('state').equals('waiting').modify({ exported_at })
    return store.items.where('state').equals('waiting').sortBy('seq')
  })
}

async function envelopesOf(store: Store, items: ItemRow[], clock: SpanClock): Promise<string[]> {
  const { max_mutations, max_inflated_bytes } = await store.limits()
  const lines: string[] = []
  for (let at = 0; at < items.length; ) {
    const batch = cut(items.slice(at, at + max_mutations), max_inflated_bytes)
    lines.push(envelope(store.device_id, clock, batch, batch[0]!.seq))
    at += batch.length
  }
  return lines
}

/** As many photos as a file may hold, the oldest first; `photos` of the answer tells how many that were. */
async function photosOf(store: Store): Promise<Entry[]> {
  const rows = await store.photos.where('state').equals('waiting').sortBy('added_at')
  const found: Entry[] = []
  let room = MOST_BYTES
  for (const { sha256, size } of rows.slice(0, MOST_PHOTOS)) {
    const kept = await store.blobs.get(sha256)
    if (!kept || size > room) continue
    found.push({ name: `photos/${sha256}`, blob: kept.blob })
    room -= size
  }
  return found
}
