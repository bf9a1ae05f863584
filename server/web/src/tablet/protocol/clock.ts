import { uuid7 } from './ids'
import type { Surroundings } from './surroundings'

const JUMP_MS = 1000
const LOOK_EVERY_MS = 20_000

/** The tablet's two clocks as an envelope tells them.
 *
 * A browser's monotonic clock starts with the page and, on many tablets, stands still while they sleep. What
 * the server wants to know is since when nobody has set the wall clock; so a span ends, and the next one
 * begins under another name, whenever the two clocks are seen to have run apart.
 */
export class SpanClock {
  #span_id = ''
  #began = 0
  #apart = NaN

  constructor(private readonly around: Surroundings) {
    this.#look()
  }

  /** Look at the clocks again and again, until the signal. */
  watch(signal: AbortSignal): void {
    const timer = setInterval(() => this.#look(), LOOK_EVERY_MS)
    signal.addEventListener('abort', () => clearInterval(timer), { once: true })
  }

  reading(): { wall: string; monotonic_ms: number; boot_id: string } {
    this.#look()
    const wall = new Date(this.around.now()).toISOString()
    return { wall, monotonic_ms: Math.round(this.around.monotonic() - this.#began), boot_id: this.#span_id }
  }

  #look(): void {
    const apart = this.around.now() - this.around.monotonic()
    if (!(Math.abs(apart - this.#apart) <= JUMP_MS)) {
      this.#span_id = uuid7()
      this.#began = this.around.monotonic()
    }
    this.#apart = apart
  }
}
