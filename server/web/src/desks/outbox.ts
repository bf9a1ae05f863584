import type { RouteLocationRaw } from 'vue-router'
import type { Task } from '@/tables/tasks'

/** What came of an outbox file, or with `dry_run` what would; at most 500 items stand in it, the report holds all. */
export interface OutboxReport {
  device_id: string
  user: string
  dry_run: boolean
  escrow: string | null
  lines: number
  sums: Record<string, number>
  items: OutboxItem[]
  not_listed: number
  damages: { where: string; why: string; why_zh: string }[]
  photos_stored: number
  photos_known: number
  missing_photos: number
}

export interface OutboxItem {
  seq: number
  type: string
  entity_id: string | null
  status: string
  replayed: boolean
  why: string
  why_zh: string
}

/** What came of a task that has ended well; null of any other. */
export function reportOf(task: Task | null): OutboxReport | null {
  return task?.state === 'done' ? (task.answer as unknown as OutboxReport) : null
}

/** In one word what became of an item: what came before counts as `replayed`. */
export const outcomeOf = (item: OutboxItem): string => (item.replayed ? 'replayed' : item.status)

/** How far a file is: photos are looked at first, then come the items. */
export function stageOf(task: Task): { stage: 'photos' | 'items'; done: number; of: number } {
  const photos = Number(task.asked.photos ?? 0)
  const done = task.done_rows
  if (done < photos) return { stage: 'photos', done, of: photos }
  return { stage: 'items', done: done - photos, of: (task.total_rows ?? done) - photos }
}

const PAGES: Record<string, string> = { case: 'case', inspection: 'inspection', complaint: 'complaint' }
const STORED = ['applied', 'merged', 'replayed']
const DESKS: Record<string, string> = { held: 'held', quarantined: 'quarantine', conflict: 'conflicts' }

/** The page of the record that an item made or changed; null where there is none. */
export function recordOf(item: OutboxItem): RouteLocationRaw | null {
  const name = PAGES[item.type.split('.')[0] ?? '']
  return name && item.entity_id && STORED.includes(outcomeOf(item)) ? { name, params: { id: item.entity_id } } : null
}

/** The desk at which somebody decides about an item; null where nothing is left to decide. */
export function deskOfItem(item: OutboxItem, deviceId: string): RouteLocationRaw | null {
  const desk = DESKS[item.status]
  return desk ? { name: 'desks', query: { desk, device_id: deviceId } } : null
}
