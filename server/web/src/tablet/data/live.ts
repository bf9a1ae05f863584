import { onScopeDispose, shallowRef, watch, type ShallowRef, type WatchSource } from 'vue'
import { useTablet } from './session'

/** What a live question answers: `value` is null while it is read for the first time. */
export interface Live<T> {
  value: Readonly<ShallowRef<T | null>>
  failed: Readonly<ShallowRef<Error | null>>
}

/** Ask the store, and again whenever what was read has changed, or a source named in `again`. Ends with the component. */
export function useLive<T>(read: () => Promise<T>, again?: WatchSource | WatchSource[]): Live<T> {
  const tablet = useTablet()
  const value = shallowRef<T | null>(null)
  const failed = shallowRef<Error | null>(null)
  let end = () => {}

  function ask() {
    end()
    const asking = tablet.observe(read).subscribe({
      next: (found) => {
        value.value = found
        failed.value = null
      },
      error: (thrown: unknown) => (failed.value = thrown instanceof Error ? thrown : new Error(String(thrown))),
    })
    end = () => asking.unsubscribe()
  }

  ask()
  if (again !== undefined) watch(again, ask)
  onScopeDispose(() => end())
  return { value, failed }
}
