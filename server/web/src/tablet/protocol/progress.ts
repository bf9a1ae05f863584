import type { SyncStatus } from './contract'
import type { Store } from './store'
import type { Surroundings } from './surroundings'
import type { Wipe } from './wiping'

const TOLD_EVERY_MS = 100

export const AT_REST: SyncStatus = {
  phase: 'idle',
  items: { done: 0, of: 0 },
  bytes: { done: 0, of: 0 },
  records: 0,
  pause: null,
  until: null,
  stop: null,
  problem: null,
  last_sync_at: null,
  last_heard_at: null,
  next_sync_at: null,
  clock_error_ms: null,
  restored: false,
}

/** What is told of a run while it goes: the newest word, at most ten times a second, the last one always. */
export class Progress {
  #status = AT_REST
  #told_at = -Infinity
  #timer: ReturnType<typeof setTimeout> | null = null

  constructor(
    private readonly around: Surroundings,
    private readonly tell: (status: SyncStatus) => void,
  ) {}

  get status(): SyncStatus {
    return this.#status
  }

  set(change: Partial<SyncStatus>): void {
    this.#status = { ...this.#status, ...change }
    const since = this.around.monotonic() - this.#told_at
    if (since >= TOLD_EVERY_MS || change.phase) this.#now()
    else this.#timer ??= setTimeout(() => this.#now(), TOLD_EVERY_MS - since)
  }

  #now(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    this.#told_at = this.around.monotonic()
    this.tell(this.#status)
  }
}

/** What the store knows of earlier runs. */
export async function remembered(store: Store): Promise<Partial<SyncStatus>> {
  const rows = await store.facts.toArray()
  const facts = Object.fromEntries(rows.map((row) => [row.name, row.value]))
  const moment = (name: string) => (typeof facts[name] === 'number' ? new Date(facts[name]).toISOString() : null)
  return {
    last_sync_at: moment('last_sync_at'),
    last_heard_at: moment('last_heard_at'),
    next_sync_at: moment('next_sync_at'),
    clock_error_ms: (facts.clock_error_ms as number | undefined) ?? null,
    stop: facts.wipe ? ((facts.wipe as Wipe).erased ? 'wiped' : 'wiping') : facts.signed_out ? 'signed-out' : facts.revoked ? 'revoked' : null,
    restored: facts.restored === true,
  }
}
