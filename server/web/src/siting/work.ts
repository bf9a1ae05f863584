import { onBeforeUnmount, ref, shallowRef, triggerRef } from 'vue'
import { get } from '@/shared/client'
import { asProblem, type Problem } from '@/shared/problem'
import { building, ended, type Demand, type Places, type Plan, type Scenario } from './siting'

const SOON_MS = 400
const LATER_MS = 1500
const IMPATIENT = 25

/** One scenario with its places, its demand and its plans, followed until all of it is finished. */
export function useScenario() {
  const scenario = shallowRef<Scenario | null>(null)
  const places = shallowRef<Places | null>(null)
  const demand = shallowRef<Demand | null>(null)
  const plans = shallowRef(new Map<string, Plan>())
  const problem = shallowRef<Problem | null>(null)
  const busy = ref(false)
  let leaving = new AbortController()

  /** Read a scenario and follow it; nothing when the id is empty. */
  async function follow(id: string) {
    leaving.abort()
    const { signal } = (leaving = new AbortController())
    problem.value = null
    if (scenario.value?.scenario_id !== id) {
      scenario.value = places.value = demand.value = null
      plans.value = new Map()
    }
    if (!id) return
    busy.value = true
    try {
      for (let asked = 0; ; asked++) {
        scenario.value = await get<Scenario>(`/api/v1/siting/scenarios/${id}`, {}, signal)
        if (!building(scenario.value)) await fill(id, signal)
        if (settled()) break
        await pause(asked < IMPATIENT ? SOON_MS : LATER_MS, signal)
      }
    } catch (thrown) {
      if (!signal.aborted) problem.value = asProblem(thrown)
    } finally {
      if (leaving.signal === signal) busy.value = false
    }
  }
  async function fill(id: string, signal: AbortSignal) {
    if (!places.value) {
      const path = `/api/v1/siting/scenarios/${id}`
      ;[places.value, demand.value] = await Promise.all([get<Places>(`${path}/places`, {}, signal), get<Demand>(`${path}/demand`, {}, signal)])
    }
    const open = scenario.value!.plans.filter((plan) => !plans.value.has(plan) || !ended(plans.value.get(plan)!))
    const read = await Promise.all(open.map((plan) => get<Plan>(`/api/v1/siting/plans/${plan}`, {}, signal)))
    for (const plan of read) plans.value.set(plan.plan_id, plan)
    if (read.length) triggerRef(plans)
  }
  function settled(): boolean {
    const one = scenario.value!
    if (building(one)) return false
    // the plan of a scenario that was just built is written a moment later
    const awaited = one.state === 'built' && one.asked.solve !== false && !one.plans.length
    return !awaited && [...plans.value.values()].every(ended)
  }
  onBeforeUnmount(() => leaving.abort())
  return { scenario, places, demand, plans, problem, busy, follow }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      reject(new DOMException('left', 'AbortError'))
    })
  })
}
