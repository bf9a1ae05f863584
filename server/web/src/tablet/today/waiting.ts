import type { CaseRecord, CheckTask, ComplaintTask, FollowUpTask, TaskRecord } from '../protocol'
import { isOpen, signalOf, type Signal } from '../cases/signal'

/** One thing that waits for the worker. */
export type Waiting =
  | { kind: 'check' | 'verify' | 'rework' | 'mine'; id: string; one: CaseRecord; signal: Signal; due: string | null }
  | { kind: 'complaint'; id: string; task: ComplaintTask; signal: 'none'; due: string | null }
  | { kind: 'followUp'; id: string; task: FollowUpTask; signal: 'none'; due: null }

const RANK: Record<Signal, number> = { red: 0, yellow: 1, green: 2, none: 3 }
const KINDS = ['check', 'verify', 'complaint', 'rework', 'followUp', 'mine'] as const

export function isCheck(task: TaskRecord): task is CheckTask {
  return task.kind === 'check' || task.kind === 'verify'
}

export function isComplaint(task: TaskRecord): task is ComplaintTask {
  return task.kind === 'verify_complaint'
}

/**
 * What waits for the worker: checks given to him, reports and complaints to look at, cases that failed a check, what an inspection
 * left to do, and his own reports whose deadline is near or past. What he has done lately waits no more, even before
 * it has arrived. The most pressing first.
 */
export function waitingFor(
  user_id: string,
  tasks: readonly { id: string; data: TaskRecord; local: readonly unknown[] }[],
  cases: readonly CaseRecord[],
  now: number,
): Waiting[] {
  const found: Waiting[] = []
  const known = new Set<string>()
  const add = (kind: 'check' | 'verify' | 'rework' | 'mine', one: CaseRecord) => {
    if (known.has(one.case_id)) return
    known.add(one.case_id)
    found.push({ kind, id: one.case_id, one, signal: signalOf(one, now), due: one.due_at })
  }
  for (const { id, data, local } of tasks) {
    if (local.length > 0) known.add(id) // done already, and on its way
    else if (isCheck(data)) add(data.kind, data.case)
    else if (isComplaint(data)) found.push({ kind: 'complaint', id, task: data, signal: 'none', due: data.complaint.verify_due_at })
    else found.push({ kind: 'followUp', id, task: data, signal: 'none', due: null })
  }
  for (const one of cases) if (one.state === 'verifying') add('verify', one)
  for (const one of cases) if (one.rework_count > 0 && one.state === 'in_progress') add('rework', one)
  for (const one of cases) if (one.reported_by === user_id && isOpen(one) && isPressing(one, now)) add('mine', one)
  return found.sort((a, b) => order(a) - order(b) || (a.due ?? '9').localeCompare(b.due ?? '9'))
}

function isPressing(one: CaseRecord, now: number): boolean {
  const signal = signalOf(one, now)
  return signal === 'red' || signal === 'yellow'
}

function order(one: Waiting): number {
  return RANK[one.signal] * 10 + KINDS.indexOf(one.kind)
}
