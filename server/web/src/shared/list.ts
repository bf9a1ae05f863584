import { ref, shallowRef } from 'vue'
import { get } from './client'
import { asProblem, type Problem } from './problem'
import type { Page } from './types'

export type Query = Record<string, string | number | undefined>

/** A list of the API read page by page by its cursor. A newer question always wins over an older answer. */
export function useList<T>(path: string, limit = 50) {
  const items = shallowRef<T[]>([])
  const next = ref<string | null>(null)
  const busy = ref(false)
  const problem = shallowRef<Problem | null>(null)
  let asked: Query = {}
  let running: AbortController | null = null

  async function read(cursor: string | null) {
    running?.abort()
    const mine = (running = new AbortController())
    busy.value = true
    problem.value = null
    try {
      const page = await get<Page<T>>(path, { ...asked, limit, cursor }, mine.signal)
      items.value = cursor ? [...items.value, ...page.items] : page.items
      next.value = page.next
    } catch (thrown) {
      if (!mine.signal.aborted) problem.value = asProblem(thrown)
    } finally {
      if (running === mine) busy.value = false
    }
  }

  /** Start over with other filters. */
  function ask(query: Query = {}) {
    asked = query
    items.value = []
    next.value = null
    return read(null)
  }
  /** The following page, if there is one and nothing is under way. */
  async function more() {
    if (next.value && !busy.value) await read(next.value)
  }
  /** Repeat what failed. */
  const again = () => read(items.value.length ? next.value : null)
  return { items, next, busy, problem, ask, more, again }
}

/** Every item of a list, all its pages; for choices that are short by nature (units, communities). Raises Problem. */
export async function everyItem<T>(path: string, query: Query = {}): Promise<T[]> {
  const all: T[] = []
  let cursor: string | null = null
  do {
    const page: Page<T> = await get<Page<T>>(path, { ...query, limit: 200, cursor })
    all.push(...page.items)
    cursor = page.next
  } while (cursor)
  return all
}

/** The items of a list that comes as a whole: its route reads no page and refuses to be asked for one. Raises Problem. */
export const wholeList = async <T>(path: string): Promise<T[]> => (await get<Page<T>>(path)).items
