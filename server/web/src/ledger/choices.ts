import type { Category } from '@/shared/vocabulary'

/** The states of a case in the order of its way. */
export const OPEN_TO_CLOSED = [
  'reported',
  'verifying',
  'filed',
  'dispatched',
  'in_progress',
  'suspended',
  'closeout_requested',
  'checking',
  'check_passed',
  'closed',
  'declined',
  'merged',
  'voided',
  'transferred',
]

/** The measures that the categories belong to, in order. */
export function measuresOf(categories: Category[]): number[] {
  return [...new Set(categories.flatMap((row) => row.measures))].sort((a, b) => a - b)
}
