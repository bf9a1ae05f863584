import type { Inspection } from '@/shared/types'

/** The name of who inspected, however the server tells it. */
export function workerName(worker: Inspection['worker']): string {
  return (typeof worker === 'string' ? worker : (worker?.name ?? worker?.username)) || '—'
}
