import { Refused } from './errors'
import type { Line } from './line'
import type { CheckTask, ComplaintTask, TaskRecord } from './records'
import type { Store } from './store'
import type { Surroundings } from './surroundings'

export const WIDE_PX = 1280

/** Fetch the photos that tasks show, so that they are here without a line; forget those of finished tasks. */
export async function prefetch(store: Store, line: Line, around: Surroundings, signal: AbortSignal): Promise<void> {
  const wanted = await shownByTasks(store)
  await store.seen.where('wanted').equals(1).and((row) => !wanted.has(row.sha256)).delete()
  if (around.isMetered() && !(await store.fact('photos_on_metered'))) return
  for (const sha256 of wanted) {
    if (await isHere(store, sha256)) continue
    const blob = await fetched(line, sha256, signal)
    if (blob) await store.seen.put({ sha256, blob, fetched_at: around.now(), wanted: 1 })
  }
}

/** A photo from this tablet: the own one, or one that was fetched. */
export async function here(store: Store, sha256: string): Promise<Blob | undefined> {
  return (await store.blobs.get(sha256))?.blob ?? (await store.seen.get(sha256))?.blob
}

async function isHere(store: Store, sha256: string): Promise<boolean> {
  const [own, seen] = await Promise.all(
    [store.blobs, store.seen].map((table) => table.where('sha256').equals(sha256).count()),
  )
  return (own ?? 0) + (seen ?? 0) > 0
}

async function shownByTasks(store: Store): Promise<Set<string>> {
  const tasks = await store.records.where('[entity+id]').between(['task'], ['task', []]).toArray()
  const checks = tasks.map((row) => row.data as unknown as TaskRecord).filter(isCheck)
  return new Set(checks.flatMap((task) => task.photos.filter((photo) => photo.received).map((photo) => photo.sha256)))
}

function isCheck(task: TaskRecord): task is CheckTask | ComplaintTask {
  return ['check', 'verify', 'verify_complaint'].includes(task.kind)
}

/** One that cannot be had now is left for the next run; a broken line ends this one. */
async function fetched(line: Line, sha256: string, signal: AbortSignal): Promise<Blob | null> {
  try {
    return await line.blob(`/sync/v1/photos/${sha256}?px=${WIDE_PX}`, { signal })
  } catch (error) {
    if (error instanceof Refused) return null
    throw error
  }
}
