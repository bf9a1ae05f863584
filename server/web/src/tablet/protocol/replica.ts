import { LineDown, Refused } from './errors'
import type { Line } from './line'
import { hear } from './outbox'
import type { OutcomeRecord } from './records'
import { Sha256, hex } from './sha256'
import type { BucketRow, RecordRow, Store } from './store'

const PATH = '/sync/v1/pull'
const PAGE = 1000
const WHOLE = 1n << 64n

type Op =
  | ({ op: 'put'; mid: string | null } & RecordRow)
  | { op: 'tombstone'; bucket: string; entity: string; id: string; version: number; rev: number }
  | { op: 'evict'; bucket: string }

interface Page {
  ops: Op[]
  cursor: string
  more: boolean
  checkpoint: Record<string, { count: number; checksum: string }> | null
  resync?: string[]
}

type Key = [string, string, string]

/** Keeps one tablet's copy of its scope up to date, page by page, and proves it by checksums. */
export class Replica {
  constructor(
    private readonly line: Line,
    private readonly store: Store,
    private readonly signal: AbortSignal,
    private readonly told: (records: number) => void,
  ) {}

  /** Follow the cursor to its end. Returns the buckets that differ from the server's although they were
   * fetched anew. Raises LineDown, Refused. */
  async pull(): Promise<string[]> {
    const wrong = await this.#follow(null)
    let still: string[] = wrong
    for (const bucket of wrong) still = await this.#follow(bucket)
    return still
  }

  /** Read page after page; returns the buckets that are not as the last page says. */
  async #follow(resync: string | null): Promise<string[]> {
    for (let asked = resync; ; asked = null) {
      const page = await this.#page(asked)
      await take(this.store, page, asked)
      this.told(page.ops.length)
      if (!page.more) return wrongOf(await this.store.buckets.toArray(), page.checkpoint ?? {})
    }
  }

  async #page(resync: string | null): Promise<Page> {
    const cursor = (await this.store.fact('cursor')) ?? null
    const query = new URLSearchParams({ limit: String(PAGE) })
    if (cursor !== null) query.set('cursor', cursor)
    if (resync !== null) query.set('resync', resync)
    try {
      const page = await this.line.json<Page>(`${PATH}?${query}`, { signal: this.signal })
      // A captive portal may answer JSON of its own.
      if (!Array.isArray(page.ops) || typeof page.cursor !== 'string') throw new LineDown()
      return page
    } catch (error) {
      if (!(error instanceof Refused) || error.kind !== 'cursor-invalid' || cursor === null) throw error
      // Another server, or another secret: everything from the start; what is too much here the checksums tell.
      await this.store.forget('cursor')
      return this.#page(null)
    }
  }
}

/** Take a page in, all or nothing, together with the cursor behind it. */
export async function take(store: Store, page: Page, anew: string | null): Promise<void> {
  const { records, buckets, facts, items } = store
  await store.transaction('rw', records, buckets, facts, items, async () => {
    if (page.resync?.length) await store.remember('restored', true)
    for (const bucket of page.resync ?? []) await forgetBucket(store, bucket)
    if (anew !== null) await forgetBucket(store, anew)
    for (const run of runs(page.ops)) {
      if (run.evict !== null) await forgetBucket(store, run.evict)
      else await apply(store, run.ops)
    }
    await hear(store, outcomesIn(page.ops))
    await store.remember('cursor', page.cursor)
    if (!page.more) await end(store, Object.keys(page.checkpoint ?? {}))
  })
}

/** The end of a pull: what is followed now, and that decided work shows in the copy. */
async function end(store: Store, scope: string[]): Promise<void> {
  const lost = (await store.buckets.toCollection().primaryKeys()).filter((bucket) => !scope.includes(bucket))
  for (const bucket of lost) await forgetBucket(store, bucket)
  await store.remember('scope', scope)
  await store.items
    .where('laid_over')
    .equals(1)
    .and((row) => row.state === 'applied' || row.state === 'merged')
    .modify({ laid_over: 0 })
}

type Change = Exclude<Op, { op: 'evict' }>

/** The operations in their order, as runs between evictions. */
function runs(ops: Op[]): { evict: string | null; ops: Change[] }[] {
  const found: { evict: string | null; ops: Change[] }[] = [{ evict: null, ops: [] }]
  for (const op of ops) {
    if (op.op === 'evict') found.push({ evict: op.bucket, ops: [] }, { evict: null, ops: [] })
    else found.at(-1)!.ops.push(op)
  }
  return found
}

async function apply(store: Store, ops: Change[]): Promise<void> {
  const newest = new Map<string, Change>()
  for (const op of ops) {
    const before = newest.get(keyOf(op).join(' '))
    if (!before || op.rev >= before.rev) newest.set(keyOf(op).join(' '), op)
  }
  const changes = [...newest.values()]
  const held = await store.records.bulkGet(changes.map(keyOf))
  const puts: RecordRow[] = []
  const gone: Key[] = []
  const sums = new Sums()
  changes.forEach((op, index) => {
    const before = held[index]
    if (before && before.rev > op.rev) return
    if (before) sums.remove(before)
    if (op.op === 'tombstone') gone.push(keyOf(op))
    else {
      const { bucket, entity, id, version, rev, data } = op
      puts.push({ bucket, entity, id, version, rev, data })
      sums.add(op)
    }
  })
  await store.records.bulkDelete(gone)
  await store.records.bulkPut(puts)
  await sums.keep(store)
}

/** Counts and sums of buckets, as they change by a run of operations. */
class Sums {
  readonly #changed = new Map<string, { count: number; sum: bigint }>()

  add(record: Pick<RecordRow, 'bucket' | 'entity' | 'id' | 'rev'>): void {
    this.#move(record.bucket, 1, digestOf(record))
  }

  remove(record: Pick<RecordRow, 'bucket' | 'entity' | 'id' | 'rev'>): void {
    this.#move(record.bucket, -1, -digestOf(record))
  }

  async keep(store: Store): Promise<void> {
    const names = [...this.#changed.keys()]
    const before = await store.buckets.bulkGet(names)
    await store.buckets.bulkPut(
      names.map((bucket, index) => {
        const { count, sum } = this.#changed.get(bucket)!
        const { count: had, sum: had_sum } = before[index] ?? { count: 0, sum: '0' }
        return { bucket, count: had + count, sum: hex16(BigInt(`0x${had_sum}`) + sum) }
      }),
    )
  }

  #move(bucket: string, count: number, sum: bigint): void {
    const before = this.#changed.get(bucket) ?? { count: 0, sum: 0n }
    this.#changed.set(bucket, { count: before.count + count, sum: before.sum + sum })
  }
}

async function forgetBucket(store: Store, bucket: string): Promise<void> {
  await store.records.where('[bucket+entity+id]').between([bucket], [bucket, []]).delete()
  await store.buckets.delete(bucket)
}

const words = new TextEncoder()

/** The first 8 bytes of SHA-256 of `entity id rev`. */
export function digestOf({ entity, id, rev }: Pick<RecordRow, 'entity' | 'id' | 'rev'>): bigint {
  const digest = new Sha256().update(words.encode(`${entity} ${id} ${rev}`)).digest()
  return BigInt(`0x${hex(digest.subarray(0, 8))}`)
}

function hex16(sum: bigint): string {
  return (((sum % WHOLE) + WHOLE) % WHOLE).toString(16).padStart(16, '0')
}

/** The buckets whose count or checksum is not the server's. */
function wrongOf(held: BucketRow[], checkpoint: NonNullable<Page['checkpoint']>): string[] {
  const mine = new Map(held.map((row) => [row.bucket, row]))
  return Object.entries(checkpoint)
    .filter(([bucket, { count, checksum }]) => {
      const row = mine.get(bucket)
      return (row?.count ?? 0) !== count || (row?.sum ?? hex16(0n)) !== checksum
    })
    .map(([bucket]) => bucket)
}

function keyOf(op: Change): Key {
  return [op.bucket, op.entity, op.id]
}

function outcomesIn(ops: Op[]): OutcomeRecord[] {
  return ops.flatMap((op) => (op.op === 'put' && op.entity === 'outcome' ? [op.data as unknown as OutcomeRecord] : []))
}
