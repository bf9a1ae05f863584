import type { LocationQuery } from 'vue-router'

export const OBJECTIVES = ['max_cover', 'backup_cover', 'capacitated_cover', 'min_sites', 'p_median', 'p_center'] as const
export type Objective = (typeof OBJECTIVES)[number]
export const EXPORTS = ['xlsx', 'gpkg', 'geojson', 'sheets', 'notice'] as const
export const GROWS: readonly string[] = ['max_cover', 'backup_cover', 'capacitated_cover']

export type Triple = [demand: string, place: string, metres: number]
export interface DemandPoint {
  id: string
  x: number
  y: number
  weight: number
}
export interface Candidate {
  id: string
  x: number
  y: number
  cost: number
  existing?: boolean
  forced?: boolean
  forbidden?: boolean
}
/** A problem as it was sent to the solver, metres of one projected CRS. */
export interface SitingProblem {
  radius_m: number
  objective: Objective
  p?: number | null
  budget?: number | null
  demand: DemandPoint[]
  candidates: Candidate[]
  distances?: Triple[] | null
}
export interface Site {
  id: string
  cost: number
  existing: boolean
  forced: boolean
  reaches: number
  alone_serves: number
  price_of_forbidding?: [number, number]
  phase?: number
}
export interface Stage {
  objective: string
  value: number
  bound: number
  status: 'optimal' | 'feasible'
}
export interface Solved {
  status: 'optimal' | 'feasible'
  objective: Objective
  value: number
  bound: number
  bound_by: 'certificate' | 'highs'
  gap: number
  stages?: Stage[]
  binding: string | null
  cost: number
  sites: Site[]
  covered_weight: number
  total_weight: number
  unserved: { count: number; weight: number; demand: { id: string; weight: number; nearest_candidate: string; straight_m: number }[] }
  seconds: number
}
export interface Because {
  detail?: string
  detail_zh?: string
  [more: string]: unknown
}
export interface Plan {
  plan_id: string
  name: string
  based_on: string | null
  scenario_id: string | null
  state: 'waiting' | 'solving' | 'solved' | 'cancelled' | 'impossible' | 'failed'
  value: number | null
  bound: number | null
  stop_asked: boolean
  because: Because | null
  asked_at: string
  finished_at: string | null
  problem: SitingProblem
  plan: Solved | null
}
export interface Answer {
  communities: number
  demand_points: number
  total_weight: number
  places: Record<string, number>
  rejected_by: Record<string, number>
  open_m2: number
  lost_m2: Record<string, number>
  distances_by: 'walking' | 'straight'
  off_footway_demand: number
  communities_without_place: { community_id: string; name: string }[]
  transformers: { spare_kva: number | null }[]
  rules: { name: string; kind: string; value: number; unit: string; hard: boolean; source: string }[]
}
export interface Scenario {
  scenario_id: string
  name: string
  asked: Record<string, unknown>
  state: 'waiting' | 'building' | 'built' | 'impossible' | 'stopped'
  stage: string
  done_steps: number
  answer: Answer | null
  because: Because | null
  plans: string[]
  asked_at: string
}
export interface PlaceTold {
  kind: string
  status: 'free' | 'rejected' | 'near_another' | 'existing'
  name: string
  community_name: string
  rejected_by: string | null
  warnings: string[]
  x?: number
  y?: number
  ports?: number
  yuan?: number
  distance_m?: Record<string, number | null>
}
export interface DemandTold {
  name: string
  community_name: string
  weight: number
  because: string
  because_zh: string
}
export interface GateTold {
  name: string
  kind: string
  community_name: string | null
  shut: boolean
}
type Spots<T> = GeoJSON.FeatureCollection<GeoJSON.Point, T>
export type Places = Spots<PlaceTold>
export type Gates = Spots<GateTold>
export type Demand = Spots<DemandTold> & { total_weight?: number; communities?: number }

/** What the address says: a scenario, its plan, another plan beside it, or a new scenario. */
export interface Look {
  scenario: string
  plan: string
  beside: string
  fresh: boolean
}
export function lookOf(query: LocationQuery): Look {
  const text = (name: string) => (typeof query[name] === 'string' ? query[name] : '')
  return { scenario: text('scenario'), plan: text('plan'), beside: text('beside'), fresh: text('new') !== '' }
}

export function ended(plan: Plan): boolean {
  return plan.state !== 'waiting' && plan.state !== 'solving'
}
export function building(scenario: Scenario): boolean {
  return scenario.state === 'waiting' || scenario.state === 'building'
}

/** Who walks where: each demand point's nearest open site within the radius, and whom straight lines alone would reach. */
export interface Serving {
  by: Map<string, { site: string; metres: number }>
  bySite: Map<string, string[]>
  straightOnly: Set<string>
  straightWeight: number
}
export function servingOf(problem: SitingProblem, open: readonly string[]): Serving {
  const sites = problem.candidates.filter(({ id }) => open.includes(id))
  const by = new Map<string, { site: string; metres: number }>()
  const take = (demand: string, site: string, metres: number) => {
    const before = by.get(demand)
    if (cm(metres) <= cm(problem.radius_m) && (!before || metres < before.metres)) by.set(demand, { site, metres })
  }
  const straight = new Set<string>()
  const chosen = new Set(open)
  for (const [demand, site, metres] of problem.distances ?? []) if (chosen.has(site)) take(demand, site, metres)
  for (const home of problem.demand) {
    for (const site of sites) {
      const metres = Math.hypot(home.x - site.x, home.y - site.y)
      if (cm(metres) <= cm(problem.radius_m)) straight.add(home.id)
      if (!problem.distances) take(home.id, site.id, metres)
    }
  }
  const bySite = new Map<string, string[]>(open.map((id) => [id, []]))
  for (const [demand, { site }] of by) bySite.get(site)?.push(demand)
  const weights = new Map(problem.demand.map(({ id, weight }) => [id, weight]))
  return {
    by,
    bySite,
    straightOnly: new Set([...straight].filter((id) => !by.has(id))),
    straightWeight: [...straight].reduce((sum, id) => sum + (weights.get(id) ?? 0), 0),
  }
}
const cm = (metres: number) => Math.round(metres * 100)

/** How good a plan is known to be: the words to choose and the numbers in them. */
export function provenOf(plan: Solved): { word: string; numbers: Record<string, string> } {
  const kind = GROWS.includes(plan.objective) ? 'most' : 'least'
  const apart = Math.abs(plan.bound - plan.value)
  const numbers = { apart: count(apart), share: (plan.gap * 100).toFixed(plan.gap < 0.001 ? 3 : 1), bound: count(plan.bound) }
  return { word: plan.status === 'optimal' ? `${kind}Optimal` : `${kind}Feasible`, numbers }
}

/** Places that may be used, the nearest first, with the way to them. */
export function around(problem: SitingProblem, site: string, open: readonly string[], most = 8) {
  const here = problem.candidates.find(({ id }) => id === site)
  if (!here) return []
  return problem.candidates
    .filter(({ id, existing, forbidden }) => !open.includes(id) && !existing && !forbidden)
    .map(({ id, x, y }) => ({ id, metres: Math.hypot(x - here.x, y - here.y), towards: towards(x - here.x, y - here.y) }))
    .sort((a, b) => a.metres - b.metres)
    .slice(0, most)
}
const WINDS = ['n', 'ne', 'e', 'se', 's', 'sw', 'w', 'nw'] as const
export function towards(east: number, north: number): (typeof WINDS)[number] {
  const turn = Math.round(((Math.atan2(east, north) * 180) / Math.PI + 360) / 45) % 8
  return WINDS[turn]!
}

/** Sites that are to be built before those that stand, each kind in its order. */
export function newFirst(sites: readonly Site[]): Site[] {
  return [...sites].sort((a, b) => Number(a.existing) - Number(b.existing))
}

/** Two plans' open sites: in both, and in one alone. */
export function siteSets(one: Solved, other: Solved): { both: string[]; first: string[]; second: string[] } {
  const [here, there] = [one, other].map(({ sites }) => sites.map(({ id }) => id)) as [string[], string[]]
  return {
    both: here.filter((id) => there.includes(id)),
    first: here.filter((id) => !there.includes(id)),
    second: there.filter((id) => !here.includes(id)),
  }
}

/** A whole number with its thousands apart. */
export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}

/** Yuan as officials write them: tens of thousands from there on. */
export function yuan(value: number, language: string): string {
  if (language === 'en') return `¥${count(value)}`
  return value >= 10_000 ? `${(value / 10_000).toLocaleString('en-US', { maximumFractionDigits: 2 })} 万元` : `${count(value)} 元`
}

/** A name to call a place by: its own, else its community and the end of its id. */
export function placeName(id: string, told: PlaceTold | undefined): string {
  if (!told) return id
  return told.name || `${told.community_name} ${id.replace(/^[a-z]/, '').split('_').map((part) => part.slice(-3)).join('-')}`.trim()
}
