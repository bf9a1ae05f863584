import type { SyncStatus } from './contract'
import type { Surroundings } from './surroundings'

const LOOK_EVERY_MS = 15_000
const GATHER_MS = 400
const WITHOUT_WORD_MS = 600_000

/** When to sync without being asked: after work was handed in, when the network or the page comes back, and as
 * often as the server says. */
export class Schedule {
  #listening: AbortController | null = null
  #gathering: ReturnType<typeof setTimeout> | null = null

  constructor(
    private readonly around: Surroundings,
    private readonly status: () => SyncStatus,
    private readonly run: () => Promise<unknown>,
  ) {}

  start(): void {
    if (this.#listening) return
    this.#listening = new AbortController()
    const { signal } = this.#listening
    const timer = setInterval(() => this.#look(), LOOK_EVERY_MS)
    signal.addEventListener('abort', () => clearInterval(timer), { once: true })
    if (typeof window !== 'undefined') {
      window.addEventListener('online', () => this.soon(), { signal })
      document.addEventListener('visibilitychange', () => document.hidden || this.#look(), { signal })
      const { connection } = navigator as { connection?: EventTarget }
      connection?.addEventListener('change', () => this.soon(), { signal })
    }
    this.soon()
  }

  stop(): void {
    this.#listening?.abort()
    this.#listening = null
    if (this.#gathering !== null) clearTimeout(this.#gathering)
    this.#gathering = null
  }

  /** Sync in a moment, so that what comes together goes together. */
  soon(): void {
    if (!this.#listening) return
    this.#gathering ??= setTimeout(() => {
      this.#gathering = null
      this.run().catch(() => {}) // a closed store; whatever else happens stands in the status
    }, GATHER_MS)
  }

  #look(): void {
    if (isDue(this.status(), this.around.now()) && this.around.isOnline()) this.soon()
  }
}

/** Whether it is time to try again. */
export function isDue(status: SyncStatus, now: number): boolean {
  if (status.phase !== 'idle') return false
  const planned = status.pause === 'busy' || status.pause === 'line-down' ? status.until : status.next_sync_at
  if (planned !== null) return Date.parse(planned) <= now
  return status.last_heard_at === null || Date.parse(status.last_heard_at) + WITHOUT_WORD_MS <= now
}
