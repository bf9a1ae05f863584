import { get, post } from '@/shared/client'

/** Several units act together on many cases; `proposed_by` null is the product itself. */
export interface JointAction {
  joint_action_id: string
  subdistrict_unit: string
  subdistrict_name: string
  state: string
  version: number
  reason: string
  proposed_at: string
  proposed_by: string | null
  decided_at: string | null
  decision_reason: string | null
  held_on: string | null
  concluded_at: string | null
  summary: string | null
  cases: { case_id: string; number: string | null; state: string; category: string; level: number }[]
  participants: { unit: string; name: string }[]
  results: { unit: string; finding: string; result: string; recorded_at: string }[]
  commands?: string[]
}

export const JOINT_STATES = ['proposed', 'accepted', 'declined', 'succeeded', 'failed']
const at = (id: string) => `/api/v1/joint-actions/${encodeURIComponent(id)}`

/** One joint action with what its reader may do now. Raises Problem. */
export const readJoint = (id: string) => get<JointAction>(at(id))

/** Give a command on the version that was seen. Raises Problem. */
export const orderJoint = (seen: JointAction, type: string, data: object) =>
  post<JointAction>(`${at(seen.joint_action_id)}/commands`, { type, base_version: seen.version, data })

/** The last word of each participant, null for one that has not spoken yet. */
export function lastResults(action: Pick<JointAction, 'participants' | 'results'>) {
  return action.participants.map((one) => ({
    ...one,
    result: action.results.filter((told) => told.unit === one.unit).at(-1) ?? null,
  }))
}
