import type { CaseRecord } from '../protocol'

export type Signal = 'green' | 'yellow' | 'red' | 'none'

const ENDED = new Set(['closed', 'declined', 'merged', 'voided', 'transferred'])

/** Whether a case still asks for something. */
export function isOpen(one: Pick<CaseRecord, 'state'>): boolean {
  return !ENDED.has(one.state)
}

/** Green up to 80 % of the limit, yellow to its end, red beyond; none where no clock runs. Paused time stands still. */
export function signalOf(one: CaseRecord, now: number): Signal {
  if (!isOpen(one) || !one.due_at || !one.yellow_at) return 'none'
  const at = one.paused_at ? Math.min(now, Date.parse(one.paused_at)) : now
  if (at > Date.parse(one.due_at)) return 'red'
  return at > Date.parse(one.yellow_at) ? 'yellow' : 'green'
}
