import { get, post } from '@/shared/client'

interface Person {
  user_id: string
  username: string
  display_name: string
  role: string
}
/** Who acts for whom, and what they told one another. */
export interface StandIn {
  stand_in_id: string
  absent: Person
  deputy: Person
  from_on: string
  to_on: string
  reason: string
  state: 'planned' | 'in_force' | 'ended' | 'revoked'
  revoked_by: string | null
  revoked_at: string | null
  notes: { at: string; by: string; words: string }[]
  yours: boolean
  may_revoke: boolean
}

const PATH = '/api/v1/stand-ins'
export const standIns = async () => (await get<{ items: StandIn[] }>(PATH)).items
export const colleagues = async () => (await get<{ items: Person[] }>(`${PATH}/colleagues`)).items
export const name = (given: object) => post<StandIn>(PATH, given)
export const revoke = (one: StandIn) => post<StandIn>(`${PATH}/${one.stand_in_id}/revoke`, {})
export const addNote = (one: StandIn, words: string) => post<StandIn>(`${PATH}/${one.stand_in_id}/notes`, { words })
