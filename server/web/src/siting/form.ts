import type { Objective } from './siting'

export interface DrawnPoint {
  lon: number
  lat: number
  name: string
  pinned: boolean
}
export interface Draft {
  name: string
  area: 'subdistricts' | 'communities'
  subdistricts: string[]
  communities: string[]
  objective: Objective
  limit: 'budget' | 'p' | 'phases' | 'none'
  budget_wan: number
  p: number
  phases: { budget_wan: number }[]
  radius_m: number
  ports: number
  rule_set: string
  min_separation_m: number
  backup_weight: number
  distances: 'walking' | 'straight'
  one_per_community: boolean
  heed_power: boolean
  time_limit_s: number
  drawn: DrawnPoint[]
  open_gates: string[]
}

export function newDraft(): Draft {
  return {
    name: '',
    area: 'subdistricts',
    subdistricts: [],
    communities: [],
    objective: 'max_cover',
    limit: 'budget',
    budget_wan: 50,
    p: 5,
    phases: [{ budget_wan: 30 }, { budget_wan: 60 }],
    radius_m: 300,
    ports: 20,
    rule_set: 'default',
    min_separation_m: 0,
    backup_weight: 0.3,
    distances: 'walking',
    one_per_community: true,
    heed_power: true,
    time_limit_s: 60,
    drawn: [],
    open_gates: [],
  }
}

/** The limits that an objective can have: everybody's service has none of its own, and walks are not phased. */
export function limitsFor(objective: Objective): Draft['limit'][] {
  if (objective === 'min_sites') return ['none', 'budget', 'p']
  return objective === 'max_cover' || objective === 'backup_cover' ? ['budget', 'p', 'phases'] : ['budget', 'p']
}

/** What lacks before a scenario can be asked for: names of fields. */
export function lacking(draft: Draft): string[] {
  const found: string[] = []
  if (!draft.name.trim()) found.push('name')
  if (!draft[draft.area].length) found.push(draft.area)
  return found
}

/** The scenario as the server takes it. */
export function askedBy(draft: Draft): Record<string, unknown> {
  const { name, area, objective, limit, radius_m, ports, rule_set, min_separation_m, distances, one_per_community, heed_power, time_limit_s, drawn, open_gates } = draft
  return {
    name: name.trim(),
    [area]: draft[area],
    objective,
    ...(limit === 'budget' && { budget: yuanOf(draft.budget_wan) }),
    ...(limit === 'p' && { p: draft.p }),
    ...(limit === 'phases' && { phases: draft.phases.map(({ budget_wan }) => ({ budget: yuanOf(budget_wan) })) }),
    ...(objective === 'backup_cover' && { backup_weight: draft.backup_weight }),
    radius_m,
    ports,
    rule_set,
    min_separation_m,
    distances,
    one_per_community,
    heed_power,
    time_limit_s,
    drawn,
    ...(distances === 'walking' && open_gates.length && { open_gates }),
  }
}
const yuanOf = (wan: number) => Math.round(wan * 10_000)

/** The address of the demand of an area; null while none is chosen. */
export function demandOf(draft: Pick<Draft, 'area' | 'subdistricts' | 'communities'>): string | null {
  const [name, ids] = draft.area === 'subdistricts' ? ['subdistrict', draft.subdistricts] : ['community_id', draft.communities]
  if (!ids.length) return null
  return `/api/v1/siting/demand?${new URLSearchParams(ids.map((id) => [name, id]))}`
}
