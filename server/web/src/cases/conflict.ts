import type { Case } from '@/shared/types'
import type { Problem } from '@/shared/problem'

const COMPARED = ['state', 'number', 'category', 'severity', 'unit', 'level', 'due_at', 'filed_at', 'closed_at'] as const

export type Compared = (typeof COMPARED)[number]

export interface Difference {
  field: Compared
  was: Case[Compared]
  now: Case[Compared]
}

/** What changed between the case a person saw and the case as it stands. */
export function differences(seen: Case, current: Case): Difference[] {
  return COMPARED.filter((field) => (seen[field] ?? null) !== (current[field] ?? null)).map((field) => ({
    field,
    was: seen[field],
    now: current[field],
  }))
}

/** The case that a 409 carries, wherever the server put it; null when it carries none. */
export function currentIn(problem: Problem): Case | null {
  for (const name of ['current', 'case']) {
    const found = problem.document[name]
    if (typeof found === 'object' && found !== null && 'case_id' in found) return found as Case
  }
  return null
}
