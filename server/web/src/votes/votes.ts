import { get, post } from '@/shared/client'

export interface Weight {
  heads: number
  area_m2: string
}
export interface Vote {
  vote_id: string
  community_id: string
  community_name: string
  neighbourhood_name: string
  form: string
  matter: string
  subject: string
  question: string
  state: string
  version: number
  rule_set: string | null
  opens_on: string | null
  closes_on: string | null
  outcome: string | null
  result: { figures: Record<string, Weight>; outcome: string; quorum: boolean; approved: boolean } | null
  objections_until: string | null
  owners: number
  paper_ids: string[]
}
export interface VoteDetail extends Vote {
  ballots: { once: number; agreed: number; differs: number }
  objections: { objection: number; by_name: string; objection_text: string; at: string; answer: string | null }[]
  history: { seq: number; command: string; actor: string; stands_for?: string | null; at: string; data: Record<string, unknown> }[]
  commands: string[]
  may_register: boolean
  may_enter: boolean
}
interface Read {
  choice: string
  kind: string
  proxy_name: string
}
export interface Owner {
  owner_no: string
  name: string
  unit_nos: string[]
  area_m2: number | null
  ballot: 'none' | 'once' | 'differs' | 'agreed'
  first: Read | null
  second: Read | null
  mine: number[]
}

export const STATES = ['draft', 'open', 'counted', 'published', 'decided', 'void']
export const MATTERS = ['procedure_rules', 'covenant', 'committee', 'property_company', 'fund_use', 'fund_raise', 'rebuild', 'common_use', 'other']
export const CHOICES = ['for', 'against', 'abstain', 'invalid']
export const BALLOTS = ['none', 'once', 'differs', 'agreed']
const at = (id: string) => `/api/v1/votes/${encodeURIComponent(id)}`

/** One vote with what its reader may do now. Raises Problem. */
export const readVote = (id: string) => get<VoteDetail>(at(id))

/** Give a command on the version that was seen. Raises Problem. */
export const orderVote = (seen: Pick<Vote, 'vote_id' | 'version'>, type: string, data: object) =>
  post<VoteDetail>(`${at(seen.vote_id)}/commands`, { type, base_version: seen.version, data })

/** Enter one ballot for the first or second time. Raises Problem. */
export const enterBallot = (id: string, number: number, ballot: object) => post<VoteDetail>(`${at(id)}/ballots`, { number, ballots: [ballot] })

/** A part of a whole in per cent with one decimal; a dash where there is no whole. */
export function share(part: number, whole: number): string {
  return whole > 0 ? `${((100 * part) / whole).toFixed(1)}%` : '—'
}

/** The rows of a result: each way of voting by heads and area, with its share of those taking part; all and taking part first. */
export function rowsOf(figures: Record<string, Weight>) {
  const weigh = (names: string[]) => ({
    heads: names.reduce((sum, name) => sum + (figures[name]?.heads ?? 0), 0),
    area: names.reduce((sum, name) => sum + Number(figures[name]?.area_m2 ?? 0), 0),
  })
  const everybody = weigh(['everybody'])
  const taking = weigh(['approving', 'against', 'abstaining'])
  const row = (name: string, weight: typeof everybody, whole: typeof everybody) => ({
    name,
    ...weight,
    headShare: share(weight.heads, whole.heads),
    areaShare: share(weight.area, whole.area),
  })
  return [
    row('everybody', everybody, everybody),
    row('taking', taking, everybody),
    ...['approving', 'against', 'abstaining'].map((name) => row(name, weigh([name]), taking)),
    row('invalid', weigh(['invalid']), everybody),
  ]
}
