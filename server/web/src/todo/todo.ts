import { COMMANDS, type Field } from '@/cases/commands'
import { post } from '@/shared/client'
import type { ProblemDocument } from '@/shared/problem'
import type { Case } from '@/shared/types'

/** How many cases wait in one way for the one signed in. */
export interface Wait {
  kind: string
  command: string
  count: number
  red: number
  yellow: number
  oldest_at: string | null
}

/** What became of one case of many. */
export interface Result {
  case_id: string
  done: boolean
  case: Case | null
  problem: ProblemDocument | null
}

export const MOST_AT_ONCE = 200

/** Commands that may be given on many cases at once, by the kind of waiting that they end. */
const TOGETHER: Record<string, string> = {
  dispatch: 'case.dispatch',
  checker: 'case.assign_check',
  receipt: 'case.accept',
  signature: 'case.close',
}

/** The command that ends this waiting for many cases at once; undefined where each case wants its own look. */
export function together(kind: string): string | undefined {
  return TOGETHER[kind]
}

/** What a command on many cases asks for: the same as on one. */
export function fieldsOf(command: string): Field[] {
  return COMMANDS[command] ?? []
}

/** Give one command on many cases on the versions seen; a result for each, in their order. Raises Problem. */
export async function commandAll(cases: Case[], type: string, data: object): Promise<Result[]> {
  const named = cases.map((kase) => ({ case_id: kase.case_id, base_version: kase.version }))
  return (await post<{ results: Result[] }>('/api/v1/cases/commands', { type, data, cases: named })).results
}

/** The kind to show first: the one asked for, else the first that has something red, else the first with anything. */
export function firstKind(waits: Wait[], asked: string | undefined): string | undefined {
  const known = waits.find((wait) => wait.kind === asked)
  const urgent = waits.find((wait) => wait.red > 0)
  const any = waits.find((wait) => wait.count > 0)
  return (known ?? urgent ?? any ?? waits[0])?.kind
}

/** What a row offers, the way forward first; whatever else may be done stands on the case's own page. */
const AT_HAND: Record<string, string[]> = {
  report: ['case.file', 'case.ask_verification', 'case.decline'],
  verification: ['case.verify'],
  dispatch: ['case.dispatch'],
  request: ['case.decide'],
  checker: ['case.assign_check'],
  check: ['case.check'],
  signature: ['case.close'],
  receipt: ['case.accept', 'case.return'],
  repair: ['case.claim_fixed', 'case.request_extension', 'case.return'],
  disposition: ['case.record_disposition'],
}

/** The commands that end this waiting, among those the one signed in may give. */
export function atHand(kind: string, may: (command: string) => boolean): string[] {
  return (AT_HAND[kind] ?? []).filter(may)
}
