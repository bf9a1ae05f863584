import { SpanClock } from './clock'
import { condition, worthTelling } from './condition'
import type { Pause, SyncStatus } from './contract'
import { LineDown, Refused } from './errors'
import { Handing } from './handing'
import { Line } from './line'
import { doubt, tidy } from './outbox'
import { Progress, remembered } from './progress'
import type { ProblemDocument } from './records'
import { Replica } from './replica'
import { prefetch } from './seen'
import type { Limits, Store } from './store'
import type { Surroundings } from './surroundings'
import { Uploads } from './uploads'
import { type WipeOrder, carryOut, done, stay } from './wiping'

export const PROTOCOL = 1
const AGAIN_AFTER_MS = 5000
const AGAIN_AT_LATEST_MS = 300_000

/** The name under which runs of one store are alone. */
export function lockOf(device_id: string): string {
  return `wangge-sync-${device_id}`
}

interface Config {
  server_time: string
  protocol_versions: number[]
  next_sync_after: string
  wipe?: WipeOrder | null
  [limit: string]: unknown
}

/** Syncs one worker's store, one run at a time over all tabs and workers. */
export class Engine {
  readonly line: Line
  readonly progress: Progress
  readonly clock: SpanClock
  readonly #ended = new AbortController()
  #running: Promise<SyncStatus> | null = null
  #again = false
  #failures = 0

  constructor(
    readonly store: Store,
    server: string,
    readonly around: Surroundings,
    tell: (status: SyncStatus) => void = () => {},
    patience_ms?: number,
  ) {
    this.line = new Line(server, store, around, patience_ms)
    this.progress = new Progress(around, tell)
    this.clock = new SpanClock(around)
    this.clock.watch(this.#ended.signal)
  }

  /** Hand in, bring the photos, and, unless only to hand in, fetch what changed. A call during a run has it go
   * once more, so that what was enqueued meanwhile is not left over. Resolves when all is over, however. */
  run(only_hand_in = false): Promise<SyncStatus> {
    if (this.#running) {
      this.#again = true
      return this.#running
    }
    this.#running = this.#runs(only_hand_in).finally(() => (this.#running = null))
    return this.#running
  }

  /** End a run on its way; what it did so far stays. */
  close(): void {
    this.#ended.abort(new DOMException('closed', 'AbortError'))
  }

  async #runs(only_hand_in: boolean): Promise<SyncStatus> {
    do {
      this.#again = false
      await this.around.alone(lockOf(this.store.device_id), () => this.#run(only_hand_in))
    } while (this.#again && this.progress.status.pause === null && !this.#ended.signal.aborted)
    return this.progress.status
  }

  async #run(only_hand_in: boolean): Promise<void> {
    const fresh = { pause: null, until: null, problem: null, items: NONE, bytes: NONE, records: 0 }
    this.progress.set({ ...(await remembered(this.store)), ...fresh, phase: 'idle' })
    try {
      if (!this.around.isOnline()) throw new LineDown()
      await this.#steps(only_hand_in)
      this.#failures = 0
    } catch (error) {
      if (this.#ended.signal.aborted) return
      await this.#fail(error)
    } finally {
      this.progress.set({ phase: 'idle' })
    }
  }

  async #steps(only_hand_in: boolean): Promise<void> {
    if (only_hand_in && !(await this.#hasWork()) && (await this.#heardLately())) return
    const { limits, wipe } = await this.#greet()
    if (limits === null || (await this.#erased(wipe, limits))) return
    // Told before, too: a line that carries no photo still says how many wait.
    if (await this.#hasWork()) await this.#tell()
    await this.#handIn(limits)
    // What changed comes before the photos: it is small, and a worker may wait for it.
    if (!only_hand_in) await this.#fetch(limits)
    const brought = await this.#bringPhotos(limits)
    if (brought && !only_hand_in) await this.#fetch(limits)
    await this.#tell()
    const now = this.around.now()
    await tidy(this.store, now)
    if (only_hand_in) return
    await this.store.remember('last_sync_at', now)
    this.progress.set({ ...(await remembered(this.store)) })
  }

  /** Whether the office is having this tablet erased. */
  async #erased(order: WipeOrder | null, limits: Limits): Promise<boolean> {
    const known = await this.store.fact('wipe')
    if (!order) {
      if (known?.erasing) await done(this.store, known)
      else if (known) await stay(this.store)
      this.progress.set({ ...(await remembered(this.store)) })
      return known?.erasing ?? false
    }
    this.progress.set({ stop: 'wiping' })
    const handIn = async () => {
      await this.#handIn(limits)
      // Nobody is asked whether they may go over a paid line: it may be the last one.
      await this.#bringPhotos(limits, true)
    }
    const { line, store, around } = this
    const erased = await carryOut(order, { line, store, around, signal: this.#ended.signal, handIn })
    this.progress.set({ ...(await remembered(this.store)), phase: 'idle' })
    return erased
  }

  /** Somebody else works here: now and then even an idle store asks whether it is to be erased. */
  async #heardLately(): Promise<boolean> {
    return this.around.now() - ((await this.store.fact('last_heard_at')) ?? 0) < HEARD_WITHIN_MS
  }

  async #hasWork(): Promise<boolean> {
    const [items, photos] = await Promise.all(
      [this.store.items, this.store.photos].map((table) => table.where('state').equals('waiting').count()),
    )
    return (items ?? 0) + (photos ?? 0) > 0
  }

  /** Learn the server's limits, its time and whether to erase all; no limits when it no longer speaks as this program does. */
  async #greet(): Promise<{ limits: Limits | null; wipe: WipeOrder | null }> {
    const asked_at = this.around.now()
    const config = await this.line.json<Config>('/sync/v1/config', { signal: this.#ended.signal })
    const heard_at = this.around.now()
    const known = await this.store.limits()
    const limits = Object.fromEntries(
      Object.entries(known).map(([name, held]) => [name, typeof config[name] === 'number' ? config[name] : held]),
    ) as unknown as Limits
    await this.store.transaction('rw', this.store.facts, async () => {
      await this.store.remember('limits', limits)
      await this.store.remember('last_heard_at', heard_at)
      await this.store.remember('next_sync_at', heard_at + (Date.parse(config.next_sync_after) - Date.parse(config.server_time)))
      await this.store.remember('clock_error_ms', Math.round((asked_at + heard_at) / 2 - Date.parse(config.server_time)))
      await this.store.forget('signed_out')
    })
    const outdated = !config.protocol_versions.includes(PROTOCOL)
    this.progress.set({ ...(await remembered(this.store)), ...(outdated && { stop: 'outdated' }) })
    return { limits: outdated ? null : limits, wipe: config.wipe ?? null }
  }

  /** Tell the office how this tablet stands. Never in the way of the work: an older server knows no such word. */
  async #tell(): Promise<void> {
    const told = await condition(this.store, this.around)
    const at = this.around.now()
    if (!worthTelling(told, await this.store.fact('told'), at)) return
    try {
      await this.line.post('/sync/v1/report', told, { signal: this.#ended.signal, once: true })
      await this.store.remember('told', { outbox: told.outbox, at })
    } catch (error) {
      if (!(error instanceof Refused) && !(error instanceof LineDown)) throw error
    }
  }

  async #handIn(limits: Limits): Promise<void> {
    const of = await this.store.items.where('state').equals('waiting').count()
    if (of > 0) this.progress.set({ phase: 'pushing', items: { done: 0, of } })
    let done = 0
    await this.#handing(limits, (answered) => {
      done += answered
      this.progress.set({ items: { done, of: Math.max(of, done) } })
    }).all()
  }

  /** Returns whether there was anything to bring. */
  async #bringPhotos(limits: Limits, at_any_cost = false): Promise<boolean> {
    const waiting = await this.store.photos.where('state').equals('waiting').toArray()
    if (waiting.length === 0) return false
    if (!at_any_cost && this.around.isMetered() && !(await this.store.fact('photos_on_metered'))) {
      this.progress.set({ pause: 'metered' })
      return false
    }
    const sent = new Map(waiting.map((photo) => [photo.sha256, photo.sent_bytes]))
    const total = (sizes: Iterable<number>) => [...sizes].reduce((sum, size) => sum + size, 0)
    const of = total(waiting.map((photo) => photo.size))
    const tell = () => this.progress.set({ bytes: { done: Math.min(total(sent.values()), of), of } })
    this.progress.set({ phase: 'uploading' })
    tell()
    const uploads = new Uploads(this.line, this.store, this.around, this.#ended.signal, (sha256, bytes) => {
      sent.set(sha256, bytes)
      tell()
    })
    await uploads.all(Math.min(limits.device_uploads_at_once, PHOTOS_AT_ONCE))
    return true
  }

  async #fetch(limits: Limits): Promise<void> {
    this.progress.set({ phase: 'pulling' })
    let records = 0
    const replica = new Replica(this.line, this.store, this.#ended.signal, (came) => {
      records += came
      this.progress.set({ records })
    })
    try {
      const wrong = await replica.pull()
      this.progress.set({ stop: wrong.length > 0 ? 'copy-wrong' : null })
      await this.store.forget('revoked')
    } catch (error) {
      if (!(error instanceof Refused) || error.kind !== 'device-revoked') throw error
      await this.store.remember('revoked', true)
      this.progress.set({ stop: 'revoked' })
      return
    }
    if (await this.store.fact('restored')) await this.#restore(limits)
    await prefetch(this.store, this.line, this.around, this.#ended.signal)
  }

  /** The server was set back: what it lost goes there again, and every photo is asked for anew. */
  async #restore(limits: Limits): Promise<void> {
    this.progress.set({ restored: true })
    await this.#handing(limits, () => {}).catchUp()
    await doubt(this.store, 'all')
    await this.store.forget('restored')
  }

  #handing(limits: Limits, told: (answered: number) => void): Handing {
    return new Handing(this.line, this.store, this.clock, this.around, limits, this.#ended.signal, told)
  }

  async #fail(error: unknown): Promise<void> {
    if (error instanceof Refused) {
      if (error.status === 401) await this.store.remember('signed_out', true)
      this.progress.set({ ...(await remembered(this.store)), problem: error.problem })
    } else if (!(error instanceof LineDown)) this.progress.set({ problem: unforeseen(error) })
    const asked = error instanceof LineDown ? error.retryAfterMs : null
    const wait = Math.min(AGAIN_AFTER_MS * 2 ** this.#failures++, AGAIN_AT_LATEST_MS)
    const until = this.around.now() + (asked ?? 0) + wait * (0.5 + this.around.random() / 2)
    const pause: Pause = !this.around.isOnline() ? 'offline' : asked !== null ? 'busy' : 'line-down'
    this.progress.set({ pause, until: new Date(until).toISOString() })
  }
}

/** What is neither the line's fault nor the server's word, such as a full disk. */
function unforeseen(error: unknown): ProblemDocument {
  const { name, message } = error instanceof Error ? error : new Error(String(error))
  const type = /quota/i.test(name + message) ? '/problems/quota-full' : 'about:blank'
  return { type, title: name, detail: message }
}

const HEARD_WITHIN_MS = 3_600_000
const NONE = { done: 0, of: 0 }
const PHOTOS_AT_ONCE = 2
