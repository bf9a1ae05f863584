import type { NewCommand, PhotoClaim } from './commands'
import type { Receipt } from './contract'
import { uuid7 } from './ids'
import type { OutcomeRecord } from './records'
import { discardPhotos } from './shelf'
import type { Body, ItemRow, PhotoRow, Result, Store } from './store'

const DIGEST = /^[0-9a-f]{64}$/
const GAP_REASON = "the tablet no longer holds these items"
export const KEEP_MS = 30 * 86_400_000

export interface Handed {
  mid: string
  seq: number
  entity_id: string
}

/** Put commands into the outbox, all or none, and take their draft away in the same moment. */
export async function enqueue(
  store: Store,
  commands: NewCommand[],
  now: number,
  draft_id: string | null = null,
): Promise<Handed[]> {
  const { items, facts, photos, drafts } = store
  return store.transaction('rw', items, facts, photos, drafts, async () => {
    const handed: Handed[] = []
    let seq = (await store.fact('last_seq')) ?? 0
    for (const command of commands) {
      const named = [...digestsIn(command.data)]
      const known = (await photos.bulkGet(named)).filter((photo) => photo !== undefined)
      const body = bodyOf(command, known, now)
      const row = rowOf(++seq, uuid7(now), body, known)
      await items.add(row)
      await photos.where('sha256').anyOf(row.photos).and(isKept).modify({ state: 'waiting' })
      handed.push({ mid: row.mid, seq, entity_id: body.entity_id })
    }
    await store.remember('last_seq', seq)
    if (draft_id !== null) await drafts.delete(draft_id)
    return handed
  })
}

/** Take an item back that never left this tablet, and forget those of its photos that nothing else names. False, and
 * nothing is changed, when it may have left or when later work builds on it. */
export async function withdraw(store: Store, mid: string): Promise<boolean> {
  const { items, facts, photos, blobs, thumbs, drafts } = store
  return store.transaction('rw', [items, facts, photos, blobs, thumbs, drafts], async () => {
    const row = await items.where('mid').equals(mid).first()
    if (!row || row.state !== 'waiting' || row.sent_at !== null || row.exported_at) return false
    const later = await items.where('seq').above(row.seq).sortBy('seq')
    if (later.some(({ body }) => [row.mid, row.entity_id].some((id) => JSON.stringify(body).includes(id)))) return false
    // Items leave in their order, so none of the later ones has left either: they move up, and no seq is missing.
    await items.where('seq').aboveOrEqual(row.seq).delete()
    await items.bulkAdd(later.map((one) => ({ ...one, seq: one.seq - 1 })))
    await store.remember('last_seq', row.seq + later.length - 1)
    await letGo(store, row.photos)
    return true
  })
}

/** Photos whose item is gone are as if just taken: nobody has handed them in. */
async function letGo(store: Store, digests: string[]): Promise<void> {
  const named = new Set((await store.items.where('photos').anyOf(digests).toArray()).flatMap((row) => row.photos))
  const free = digests.filter((sha256) => !named.has(sha256))
  await store.photos.where('sha256').anyOf(free).and((photo) => photo.state === 'waiting').modify({ state: 'kept' })
  await discardPhotos(store, free)
}

/** All digests of photos that a command's data names, wherever they stand. */
export function digestsIn(value: unknown, found = new Set<string>()): Set<string> {
  if (typeof value === 'string') {
    if (DIGEST.test(value)) found.add(value)
  } else if (value !== null && typeof value === 'object') {
    for (const inner of Object.values(value)) digestsIn(inner, found)
  }
  return found
}

/** The items without an answer, from the first on: at most `most` of them, consecutive. */
export async function firstWaiting(store: Store, most: number): Promise<ItemRow[]> {
  const first = await firstWaitingSeq(store)
  return first === null ? [] : itemsFrom(store, first, most)
}

export async function firstWaitingSeq(store: Store): Promise<number | null> {
  const [first] = await store.items.where('state').equals('waiting').primaryKeys()
  return first ?? null
}

export async function itemsFrom(store: Store, first: number, most: number): Promise<ItemRow[]> {
  return store.items.where('seq').aboveOrEqual(first).limit(most).toArray()
}

/** Write down what the server answered, with its receipt. A first answer given again takes no later fate back. */
export async function decide(store: Store, results: Result[], receipt: Receipt | null, now: number): Promise<void> {
  await store.transaction('rw', store.items, store.receipts, store.photos, async () => {
    for (const result of results) {
      await store.items.update(result.seq, (row: ItemRow) => {
        row.result = result
        row.decided_at = now
        if (!result.replayed) row.outcome = null
        row.state = row.outcome?.status ?? result.status
        row.laid_over = isLaidOver(row.state) ? row.laid_over : 0
      })
      await doubt(store, result.missing_photos)
    }
    if (receipt) await store.receipts.add(receipt)
  })
}

/** Take the later fates that a pull brought; part of the pull's own transaction. */
export async function hear(store: Store, outcomes: OutcomeRecord[]): Promise<void> {
  for (const outcome of outcomes) {
    // A mid used twice names two items; the fate of the second is not the first one's.
    if (outcome.used_twice || outcome.device_id !== store.device_id) continue
    await store.items.where('mid').equals(outcome.mid).modify((row) => {
      row.outcome = outcome
      row.state = outcome.status
      row.decided_at ??= Date.now()
      row.laid_over = isLaidOver(row.state) ? row.laid_over : 0
    })
  }
}

/** Put a `device.gap` in the place of the last of each run of items that are no longer here. */
export async function closeHoles(store: Store, first: number, last: number, now: number): Promise<void> {
  await store.transaction('rw', store.items, store.facts, async () => {
    const kept = await store.items.where('seq').between(first, last, true, true).primaryKeys()
    let from = first
    for (const seq of [...kept, last + 1]) {
      if (seq > from) await store.items.add(gap(store, from, seq - 1, now))
      from = seq + 1
    }
    await reserve(store, last)
  })
}

/** Give no seq up to this one to new work. */
export async function reserve(store: Store, seq: number): Promise<void> {
  await store.transaction('rw', store.facts, async () => {
    if (seq > ((await store.fact('last_seq')) ?? 0)) await store.remember('last_seq', seq)
  })
}

/** The server lacks photos that it seemed to hold: let them be sent again. */
export async function doubt(store: Store, digests: string[] | 'all'): Promise<void> {
  const arrived =
    digests === 'all'
      ? store.photos.where('state').equals('arrived')
      : store.photos.where('sha256').anyOf(digests).and((photo) => photo.state === 'arrived')
  await arrived.modify({ state: 'waiting', arrived_at: null, upload_url: null, sent_bytes: 0 })
}

/** Forget what was decided, and photos that arrived, 30 days ago: only from the front, so that what a restored
 * server may ask for again stays whole from some seq on. */
export async function tidy(store: Store, now: number): Promise<void> {
  const { items, facts, photos, blobs, thumbs, drafts } = store
  await store.transaction('rw', [items, facts, photos, blobs, thumbs, drafts], async () => {
    const young = await items.orderBy('seq').filter((row) => !isOld(row.decided_at, now)).first()
    const from = young?.seq ?? ((await store.fact('last_seq')) ?? 0) + 1
    await items.where('seq').below(from).delete()
    await store.remember('kept_from', from)
    const old = await photos.where('added_at').below(new Date(now - KEEP_MS).toISOString()).toArray()
    const spent = old.filter((photo) => photo.state === 'kept' || isOld(photo.arrived_at, now))
    const digests = spent.map((photo) => photo.sha256)
    const named = [
      ...(await items.where('photos').anyOf(digests).toArray()),
      ...(await drafts.where('photos').anyOf(digests).toArray()),
    ].flatMap((one) => one.photos)
    const unnamed = digests.filter((sha256) => !named.includes(sha256))
    await Promise.all([photos.bulkDelete(unnamed), blobs.bulkDelete(unnamed), thumbs.bulkDelete(unnamed)])
  })
}

/** Whether work of this state still stands before what the mirror shows. */
export function isLaidOver(state: ItemRow['state']): boolean {
  return state === 'waiting' || state === 'applied' || state === 'merged' || state === 'held'
}

function bodyOf(command: NewCommand, photos: PhotoRow[], now: number): Body {
  return {
    type: command.type,
    entity_id: command.entity_id ?? uuid7(now),
    device_time: new Date(now).toISOString(),
    base_version: command.base_version ?? null,
    depends_on: command.depends_on ?? [],
    data: plain(withClaims(command.data, photos)),
  }
}

/** Tell with the photos listed at the top what this tablet knows of them. */
function withClaims(data: object, known: PhotoRow[]): object {
  const listed = (data as { photos?: unknown }).photos
  if (!Array.isArray(listed)) return data
  const rows = new Map(known.map((photo) => [photo.sha256, photo]))
  const claims = listed.map((one: string | PhotoClaim) => {
    const claim = typeof one === 'string' ? { sha256: one } : one
    const row = rows.get(claim.sha256)
    if (!row) return claim
    const taken_at = row.taken_at === null ? {} : { taken_at: row.taken_at }
    return { size: row.size, content_type: row.content_type, ...taken_at, ...claim }
  })
  return { ...data, photos: claims }
}

/** The value as JSON will carry it, without half characters and NULs that no server could keep. */
function plain(data: object): unknown {
  const whole = (_: string, value: unknown) =>
    typeof value === 'string' ? value.toWellFormed().replaceAll('\0', '') : value
  return JSON.parse(JSON.stringify(data, whole))
}

function rowOf(seq: number, mid: string, body: Body, photos: PhotoRow[]): ItemRow {
  const named = photos.map((photo) => photo.sha256)
  const none = { sent_at: null, result: null, outcome: null, decided_at: null }
  return { seq, mid, entity_id: body.entity_id, body, state: 'waiting', ...none, photos: named, laid_over: 1, settled: 0 }
}

function gap(store: Store, from: number, to: number, now: number): ItemRow {
  const body: Body = {
    type: 'device.gap',
    entity_id: store.device_id,
    device_time: new Date(now).toISOString(),
    base_version: null,
    depends_on: [],
    data: { from, to, reason: GAP_REASON },
  }
  return { ...rowOf(to, uuid7(now), body, []), laid_over: 0 }
}

function isOld(moment: number | null, now: number): boolean {
  return moment !== null && moment < now - KEEP_MS
}

function isKept(photo: PhotoRow): boolean {
  return photo.state === 'kept'
}
