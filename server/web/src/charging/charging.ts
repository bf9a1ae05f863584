import { get, post } from '@/shared/client'
import type { PhotoClaim } from '@/shared/types'

/** A charging site on its way from the plan to its service; `responsible` has to act until `due_on`. */
export interface ChargingWork {
  work_id: string
  site_id: string
  name: string
  site_status: string
  charging_ports: number | null
  community_id: string
  community_name: string
  neighbourhood_name: string
  subdistrict_name: string
  plan_name: string | null
  state: string
  version: number
  since: string | null
  responsible: string | null
  responsible_name: string | null
  due_on: string | null
  late: boolean
  vote_id: string | null
  vote_form: string | null
  vote_outcome: string | null
  location: { lon: number; lat: number }
}
export interface WayStep {
  command: string
  state: string
  seq: number | null
  done: boolean
  actor: string | null
  at: string | null
  data: Record<string, unknown>
}
export interface WorkDetail extends ChargingWork {
  steps: WayStep[]
  papers: { seq: number; paper_id: string; kind: string; number: string | null; state: string }[]
  photos: PhotoClaim[]
  statuses: { status: string; since: string }[]
  history: { seq: number; command: string; to_state: string; actor: string; unit: string; at: string; data: Record<string, unknown> }[]
  commands: string[]
}
export interface ProgressLine {
  key: string | null
  name: string | null
  works: number
  late: number
  ports: number
  states: Record<string, number>
}

export const WAY = ['planned', 'discussed', 'consulted', 'fire_reviewed', 'power_replied', 'invested', 'building', 'in_service']
export const STATES = [...WAY, 'retired', 'refused', 'withdrawn']
export const GROUPS = ['county', 'subdistrict', 'neighbourhood', 'community', 'responsible']
const FORWARD = ['meet', 'consult', 'fire_review', 'power_reply', 'invest', 'begin', 'complete']
const AT = '/api/v1/charging-works'

/** The command that takes works a step further, where all of them stand in one state. */
export function forwardOf(works: Pick<ChargingWork, 'state'>[]): string | null {
  const states = new Set(works.map((one) => one.state))
  const place = WAY.indexOf([...states][0] ?? '')
  return states.size === 1 && place >= 0 && place < FORWARD.length ? `work.${FORWARD[place]}` : null
}

/** One work with its way and what its reader may do now. Raises Problem. */
export const readWork = (id: string) => get<WorkDetail>(`${AT}/${encodeURIComponent(id)}`)

/** Give one command on works as they were seen: on all of them or on none. Raises Problem. */
export function orderWorks(seen: Pick<ChargingWork, 'work_id' | 'version'>[], type: string, data: object) {
  const works = seen.map((one) => ({ work_id: one.work_id, base_version: one.version }))
  return post<{ items: ChargingWork[] }>(`${AT}/commands`, { works, type, data })
}
