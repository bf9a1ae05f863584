import { computed, ref, shallowRef } from 'vue'
import { post } from '@/shared/client'
import { asProblem, type Problem } from '@/shared/problem'
import { pointOf, type Point } from './curve'
import { idsOf } from './gates'
import type { Because, Plan, SitingProblem, Solved, Triple } from './siting'

/** What is to be otherwise, by names of candidates. */
export interface Changes {
  pinned?: string[]
  forbidden?: string[]
  released?: string[]
  open_gates?: string[]
  budget?: number
  p?: number
}
/** One thing that the planner did, and what came of it together with everything before. */
interface Step {
  name: string
  changes: Changes
  plan: Solved | null
  because: Because | null
  /** On foot to the sites of `plan`, where gates were opened. */
  distances?: Triple[] | null
}
const SINGLE = ['open_gates', 'budget', 'p'] as const
const WAYS = ['pinned', 'forbidden', 'released'] as const

/** All changes as one: what was said last of a site counts. */
export function together(each: readonly Changes[]): Changes {
  const ways = new Map<string, (typeof WAYS)[number]>()
  for (const one of each) for (const way of WAYS) for (const id of one[way] ?? []) ways.set(id, way)
  const named = Object.fromEntries(WAYS.map((way) => [way, [...ways].filter(([, its]) => its === way).map(([id]) => id)]))
  const last = SINGLE.flatMap((name) => each.map((one) => one[name]).filter((value) => value !== undefined).slice(-1).map((value) => [name, value]))
  return { ...named, ...Object.fromEntries(last) }
}

/** A scenario as it was asked for, asked again with changes made: what gates change is walked anew by the workers. */
export function askedAgain(asked: Readonly<Record<string, unknown>>, name: string, changes: Changes): Record<string, unknown> {
  const named = new Set(WAYS.flatMap((way) => changes[way] ?? []))
  const kept = (list: string) => idsOf(asked[list]).filter((id) => !named.has(id))
  const drawn = (asked.drawn as { pinned?: boolean }[] | undefined)?.map((one, at) => (named.has(`p${at + 1}`) ? { ...one, pinned: false } : one))
  const { budget, p } = changes
  return {
    ...asked,
    name,
    ...(drawn && { drawn }),
    pinned: [...kept('pinned'), ...(changes.pinned ?? [])],
    forbidden: [...kept('forbidden'), ...(changes.forbidden ?? [])],
    open_gates: [...new Set([...idsOf(asked.open_gates), ...(changes.open_gates ?? [])])],
    ...(budget !== undefined && { budget }),
    ...(p !== undefined && { p }),
  }
}

/** The problem with changes made, as the server makes them. */
export function changedProblem(problem: SitingProblem, changes: Changes): SitingProblem {
  const named = new Set(WAYS.flatMap((way) => changes[way] ?? []))
  const candidates = problem.candidates.map((one) =>
    named.has(one.id) ? { ...one, forced: !!changes.pinned?.includes(one.id), forbidden: !!changes.forbidden?.includes(one.id) } : one,
  )
  return { ...problem, candidates, budget: changes.budget ?? problem.budget, p: changes.p ?? problem.p }
}

/** What several budgets would buy instead of a plan's own, as points of its curve; what no plan can do is left out. Raises Problem. */
export async function triedBudgets(plan: Plan, budgets: readonly number[], name: (budget: number) => string): Promise<Point[]> {
  const found: Point[] = []
  for (const budget of budgets) {
    const told = await post<Pick<Step, 'plan'>>(`/api/v1/siting/plans/${plan.plan_id}/trials`, { budget })
    if (told.plan?.total_weight) found.push({ ...pointOf(told.plan, name(budget)), budget })
  }
  return found
}

/** What-ifs upon a finished plan: each answered while one looks on, none stored until it is kept. */
export function useTrial() {
  const parent = shallowRef<Plan | null>(null)
  const steps = shallowRef<Step[]>([])
  const busy = ref(false)
  const problem = shallowRef<Problem | null>(null)
  const changes = computed(() => together(steps.value.map((step) => step.changes)))
  const name = computed(() => steps.value.map((step) => step.name).join('；').slice(0, 100))
  /** The plan as it would be; null where nothing is tried. */
  const shown = computed<Plan | null>(() => {
    const last = steps.value.at(-1)
    if (!parent.value || !last) return null
    const { plan, because, distances } = last
    const told = { value: plan?.value ?? null, bound: plan?.bound ?? null, state: plan ? ('solved' as const) : ('impossible' as const) }
    const problem = changedProblem(parent.value.problem, changes.value)
    return { ...parent.value, ...told, plan, because, problem: distances ? { ...problem, distances } : problem }
  })

  /** Begin anew upon a plan; the server is told to hold it ready. */
  function begin(plan: Plan | null) {
    parent.value = plan
    steps.value = []
    problem.value = null
    // a server that is not ready answers the first what-if a little later
    if (plan) void post(`/api/v1/siting/plans/${plan.plan_id}/trials/ready`, {}).catch(() => {})
  }
  /** Try one more change; returns whether it was answered, false when it takes longer than a moment. */
  async function attempt(name: string, wanted: Changes): Promise<boolean> {
    const asked = parent.value
    if (!asked || busy.value) return true
    const before = steps.value
    busy.value = true
    problem.value = null
    try {
      const all = together([...before.map((step) => step.changes), wanted])
      const told = await post<Pick<Step, 'plan' | 'because' | 'distances'>>(`/api/v1/siting/plans/${asked.plan_id}/trials`, all)
      if (parent.value === asked) steps.value = [...before, { name, changes: wanted, ...told }]
    } catch (thrown) {
      const met = asProblem(thrown)
      if (met.kind === 'takes-longer') return false
      problem.value = met
    } finally {
      busy.value = false
    }
    return true
  }
  function undo() {
    steps.value = steps.value.slice(0, -1)
    problem.value = null
  }
  return { parent, steps, busy, problem, changes, name, shown, begin, attempt, undo }
}
