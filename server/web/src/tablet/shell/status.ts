import { onScopeDispose, shallowRef, watch } from 'vue'
import { useSession } from '../data/session'
import type { OutboxSummary, StorageStatus, SyncStatus } from '../protocol'

const status = shallowRef<SyncStatus | null>(null)
const summary = shallowRef<OutboxSummary | null>(null)
const storage = shallowRef<StorageStatus | null>(null)
const STORAGE_EVERY_MS = 60_000
let end = () => {}
let measure = () => {}

/** Follow the sync, the outbox and the room of the open store; called once, by the shell. */
export function followStatus(): void {
  const { tablet } = useSession()
  watch(
    tablet,
    (open) => {
      end()
      status.value = summary.value = storage.value = null
      if (!open) return
      status.value = open.sync.status()
      const unwatch = open.sync.watch((told) => (status.value = told))
      const live = open.observe(() => open.outbox.summary()).subscribe({ next: (found) => (summary.value = found) })
      measure = () => void open.storage().then((found) => (storage.value = found))
      measure()
      const measuring = setInterval(() => measure(), STORAGE_EVERY_MS)
      end = () => {
        unwatch()
        live.unsubscribe()
        clearInterval(measuring)
      }
    },
    { immediate: true },
  )
  onScopeDispose(() => end())
}

/** Look at once how much room is left: a photo did not fit. */
export function measureRoom(): void {
  measure()
}

/** How the sync, the outbox and the room stand; null before they are known. */
export function useStatus() {
  return { status, summary, storage }
}
