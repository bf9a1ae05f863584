import { shallowRef, watch, type ShallowRef } from 'vue'
import { asProblem, type Problem } from './problem'

/** One record that a page shows, read anew whenever another is asked for. */
export function useRecord<T>(id: () => string, read: (id: string) => Promise<T>) {
  const record = shallowRef<T | null>(null) as ShallowRef<T | null>
  const problem = shallowRef<Problem | null>(null)

  async function load() {
    const wanted = id()
    problem.value = null
    try {
      const found = await read(wanted)
      if (wanted === id()) record.value = found
    } catch (thrown) {
      if (wanted === id()) problem.value = asProblem(thrown)
    }
  }
  watch(
    id,
    () => {
      record.value = null
      void load()
    },
    { immediate: true },
  )
  return { record, problem, load }
}
