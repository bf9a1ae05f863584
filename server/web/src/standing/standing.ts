import type { RouteLocationRaw } from 'vue-router'
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

/** One deed of a stand-in; `name` is how people know the record: a number, a subject. */
export interface Deed {
  at: string
  action: string
  entity: string
  entity_id: string
  name: string
}

const PAGES: Record<string, string> = { case: 'case', paper: 'paper', complaint: 'complaint', vote: 'vote', hotline_order: 'hotline-order' }
const ROOMS: Record<string, string> = { paper: 'papers', complaint: 'complaints', vote: 'votes', hotline: 'hotline' }

/** The page of the record that a deed touched. */
export function placeOf(deed: Deed): RouteLocationRaw {
  return { name: PAGES[deed.entity]!, params: { id: deed.entity_id } }
}
/** Where the words of a deed's command stand; those of cases are in the common vocabulary. */
export function wordsOf(deed: Deed): string {
  const [room = '', command = ''] = deed.action.split('.')
  return `${ROOMS[room] ?? room}.command.${command}`
}

const PATH = '/api/v1/stand-ins'
export const deedsOf = (one: StandIn) => `${PATH}/${one.stand_in_id}/deeds`
export const standIns = async () => (await get<{ items: StandIn[] }>(PATH)).items
export const colleagues = async () => (await get<{ items: Person[] }>(`${PATH}/colleagues`)).items
export const name = (given: object) => post<StandIn>(PATH, given)
export const revoke = (one: StandIn) => post<StandIn>(`${PATH}/${one.stand_in_id}/revoke`, {})
export const addNote = (one: StandIn, words: string) => post<StandIn>(`${PATH}/${one.stand_in_id}/notes`, { words })
