import { Refused } from './errors'
import type { Line } from './line'
import type { Store } from './store'
import type { Surroundings } from './surroundings'

/** So long the work may try to leave a tablet that is to be erased; then it is erased with what is left. */
export const HAND_IN_WITHIN_MS = 24 * 3_600_000

/** The office's word that this tablet is to erase itself. */
export interface WipeOrder {
  wipe_id: string
  ordered_at: string
}

/** How far this tablet is with an order. */
export interface Wipe {
  wipe_id: string
  learned_at: number
  /** Told the server that it begins: from then on the office takes nothing back. */
  erasing: boolean
  /** Empty, and the server knows. */
  erased: boolean
}

interface Parts {
  line: Line
  store: Store
  around: Surroundings
  signal: AbortSignal
  /** Brings the outbox and its photos to the server. */
  handIn: () => Promise<void>
}

/** Erase one worker's store: the copy of the county at once, the work once it is handed in, then all that is left.
 *
 * May break off anywhere and goes on with the next run. False when the office took the order back in time.
 * Raises what hindered the handing in, while there is time for it; LineDown, Refused. */
export async function carryOut(order: WipeOrder, parts: Parts): Promise<boolean> {
  const wipe = await learn(order, parts)
  if (!wipe.erasing && !(await begin(wipe, parts))) return false
  await erase(parts.store)
  await say(wipe, parts, { state: 'erased' })
  await done(parts.store, wipe)
  return true
}

/** The server knows already that this store is empty: its answer was lost. */
export async function done(store: Store, wipe: Wipe): Promise<void> {
  await store.remember('wipe', { ...wipe, erasing: true, erased: true })
  await store.forget('tokens')
}

/** The office took the order back: work goes on, and the copy is fetched anew. */
export async function stay(store: Store): Promise<void> {
  await store.forget('wipe', 'revoked')
}

async function learn({ wipe_id }: WipeOrder, { store, around }: Parts): Promise<Wipe> {
  const known = await store.fact('wipe')
  if (known?.wipe_id === wipe_id) return known
  const wipe = { wipe_id, learned_at: around.now(), erasing: false, erased: false }
  await store.transaction('rw', [store.facts, store.records, store.buckets, store.seen], async () => {
    await store.remember('wipe', wipe)
    await Promise.all([store.records, store.buckets, store.seen].map((table) => table.clear()))
    await store.forget('cursor', 'scope')
  })
  return wipe
}

async function begin(wipe: Wipe, parts: Parts): Promise<boolean> {
  const { store, around, signal, handIn } = parts
  try {
    await say(wipe, parts, { state: 'learned' })
    try {
      await handIn()
    } catch (error) {
      const waited = Math.abs(around.now() - wipe.learned_at)
      if (signal.aborted || waited < HAND_IN_WITHIN_MS) throw error
    }
    await say(wipe, parts, { state: 'erasing', left: await leftIn(store) })
  } catch (error) {
    if (!(error instanceof Refused) || error.kind !== 'wipe-withdrawn') throw error
    await stay(store)
    return false
  }
  await store.remember('wipe', { ...wipe, erasing: true })
  return true
}

async function leftIn(store: Store) {
  const waiting = await store.photos.where('state').equals('waiting').toArray()
  const items = await store.items.where('state').equals('waiting').count()
  const photo_bytes = waiting.reduce((sum, photo) => sum + photo.size, 0)
  return { items, photos: waiting.length, photo_bytes, drafts: await store.drafts.count() }
}

/** Empty every table; what is kept is how to tell the server so. */
async function erase(store: Store): Promise<void> {
  await store.transaction('rw', store.tables, async () => {
    const [wipe, tokens] = [await store.fact('wipe'), await store.fact('tokens')]
    await Promise.all(store.tables.map((table) => table.clear()))
    if (wipe) await store.remember('wipe', wipe)
    if (tokens) await store.remember('tokens', tokens)
  })
}

async function say({ wipe_id }: Wipe, { line, signal }: Parts, said: object): Promise<void> {
  await line.post(`/sync/v1/wipes/${wipe_id}`, said, { signal })
}
