/** The states of a case in the order of its way. */
export const OPEN_TO_CLOSED = [
  'reported',
  'filed',
  'dispatched',
  'in_progress',
  'closeout_requested',
  'checking',
  'check_passed',
  'closed',
]
