import type { SpanClock } from './clock'
import { Refused } from './errors'
import { uuid7 } from './ids'
import type { Line } from './line'
import { closeHoles, decide, firstWaiting, itemsFrom, reserve } from './outbox'
import type { ItemRow, Limits, Result, Store } from './store'
import type { Surroundings } from './surroundings'

export const APP = 'wangge-tablet/1'
const SMALL_BYTES = 1000
const MOST_TRIES = 3

interface Answer {
  received_at: string
  clock_offset_ms: number | null
  acked_through: number
  results: Result[]
  receipt?: string
}

/** Hands one tablet's outbox in. */
export class Handing {
  #share = 1

  constructor(
    private readonly line: Line,
    private readonly store: Store,
    private readonly clock: SpanClock,
    private readonly around: Surroundings,
    private readonly limits: Limits,
    private readonly signal: AbortSignal,
    private readonly told: (answered: number) => void,
  ) {}

  /** Push every item without an answer, batch by batch. Raises LineDown, Refused. */
  async all(): Promise<void> {
    for (;;) {
      const batch = this.#cut(await firstWaiting(this.store, this.#most()))
      if (batch.length === 0) return
      this.told(await this.#send(batch))
    }
  }

  /** Ask how far a server is that was set back, and send again what it lost. */
  async catchUp(): Promise<void> {
    const acked = await this.#post([])
    const [first] = await firstWaiting(this.store, 1)
    const last = (await this.store.fact('last_seq')) ?? 0
    await this.#again(acked + 1, first ? first.seq : last + 1)
  }

  async #send(batch: ItemRow[]): Promise<number> {
    const [first] = batch
    for (let tries = 1; ; tries++) {
      try {
        await this.#post(batch)
        return batch.length
      } catch (error) {
        if (!(error instanceof Refused) || tries === MOST_TRIES) throw error
        if (error.kind === 'seq-gap') await this.#again(Number(error.problem.expected_seq), first!.seq)
        else if (error.status === 413 && batch.length > 1) {
          this.#share /= 2
          return 0
        } else throw error
      }
    }
  }

  /** Push items again that were decided once; the server replays those that it still knows. */
  async #again(first: number, before: number): Promise<void> {
    if (first < before) await closeHoles(this.store, first, before - 1, this.around.now())
    while (first < before) {
      const run = this.#cut(await itemsFrom(this.store, first, Math.min(this.#most(), before - first)))
      await this.#post(run)
      first = run.at(-1)!.seq + 1
    }
  }

  #most(): number {
    return Math.max(Math.floor(this.limits.max_mutations * this.#share), 1)
  }

  #cut(items: ItemRow[]): ItemRow[] {
    return cut(items, this.limits.max_inflated_bytes * this.#share)
  }

  /** Push these consecutive items and keep what the server answers; return how far it is. */
  async #post(batch: ItemRow[]): Promise<number> {
    batch = await this.#leaving(batch)
    const first_seq = batch[0]?.seq ?? ((await this.store.fact('last_seq')) ?? 0) + 1
    const answer = await this.#ask(envelope(this.store.device_id, this.clock, batch, first_seq))
    const { acked_through, received_at, receipt } = answer
    const last_seq = first_seq + batch.length - 1
    const kept = receipt && batch.length ? { first_seq, last_seq, acked_through, received_at, receipt } : null
    await decide(this.store, answer.results, kept, this.around.now())
    await reserve(this.store, acked_through)
    if (answer.clock_offset_ms !== null) await this.store.remember('clock_error_ms', answer.clock_offset_ms)
    return acked_through
  }

  /** Write down that these items leave, and return them as they are now: one may have been taken back meanwhile. */
  async #leaving(batch: ItemRow[]): Promise<ItemRow[]> {
    const { items } = this.store
    const seqs = batch.map((row) => row.seq)
    const sent_at = new Date(this.around.now()).toISOString()
    return this.store.transaction('rw', items, async () => {
      await items.where('seq').anyOf(seqs).and((row) => row.sent_at === null).modify({ sent_at })
      return (await items.bulkGet(seqs)).filter((row) => row !== undefined)
    })
  }

  async #ask(text: string): Promise<Answer> {
    const headers: Record<string, string> = { 'Content-Type': 'application/json' }
    let body: BodyInit = text
    if (text.length > SMALL_BYTES) {
      body = await gzipped(text)
      headers['Content-Encoding'] = 'gzip'
    }
    return this.line.json<Answer>('/sync/v1/push', { method: 'POST', headers, body, signal: this.signal })
  }
}

/** The body of a push; also a line of an outbox file. */
export function envelope(device_id: string, clock: SpanClock, batch: ItemRow[], first_seq: number): string {
  const mutations = batch.map(({ mid, seq, body }) => ({ mid, seq, ...body }))
  return JSON.stringify({ batch_id: uuid7(), device_id, first_seq, clock: clock.reading(), app: APP, mutations })
}

/** The first of these items, up to the first hole and as many as a push may carry. */
export function cut(items: ItemRow[], most_bytes: number): ItemRow[] {
  const run: ItemRow[] = []
  let size = 0
  for (const item of items) {
    // Up to 3 bytes of UTF-8 a character; half of the room is left for the envelope.
    size += JSON.stringify(item.body).length * 3
    const before = run.at(-1)
    if (before && (size > most_bytes / 2 || item.seq !== before.seq + 1)) break
    run.push(item)
  }
  return run
}

async function gzipped(text: string): Promise<Blob> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'))
  return new Response(stream).blob()
}
