import { onScopeDispose, shallowRef } from 'vue'
import { useSession } from '../data/session'

const TICK_MS = 20_000

/** The server's time as well as this tablet knows it: its own clock, put right by the error that was measured. */
export function nowMs(): number {
  const { tablet } = useSession()
  return Date.now() - (tablet.value?.sync.status().clock_error_ms ?? 0)
}

/** The time of `nowMs`, moving on by itself. */
export function useNow() {
  const now = shallowRef(nowMs())
  const ticking = setInterval(() => (now.value = nowMs()), TICK_MS)
  onScopeDispose(() => clearInterval(ticking))
  return now
}
