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
