import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Plan, SitingProblem, Solved } from './siting'
import { askedAgain, changedProblem, together, triedBudgets, useTrial } from './trial'

const problem = {
  radius_m: 300,
  objective: 'max_cover',
  budget: 10,
  demand: [],
  candidates: [
    { id: 's', x: 0, y: 0, cost: 1, forced: true },
    { id: 't', x: 0, y: 0, cost: 1 },
  ],
} as SitingProblem
const solved = (covered: number) => ({ value: covered, bound: covered, covered_weight: covered, sites: [] }) as unknown as Solved
const plan = { plan_id: 'p', problem, plan: solved(5), state: 'solved' } as Plan

function answering(...answers: { status: number; body: unknown }[]) {
  const asked: unknown[] = []
  vi.stubGlobal('fetch', async (path: string, { body }: { body: string }) => {
    if (path.endsWith('/ready')) return new Response(null, { status: 204 })
    asked.push(JSON.parse(body))
    const { status, body: told } = answers.shift()!
    return new Response(JSON.stringify(told), { status, headers: { 'Content-Type': 'application/json' } })
  })
  return asked
}
afterEach(() => vi.unstubAllGlobals())

describe('a what-if', () => {
  it('counts what was said last of a site', () => {
    expect(together([{ open_gates: ['g'], p: 3 }, { open_gates: [] }])).toMatchObject({ open_gates: [], p: 3 })
    expect(together([{ pinned: ['a', 'b'] }, { forbidden: ['a'], budget: 3 }, { released: ['b'] }])).toEqual({ pinned: [], forbidden: ['a'], released: ['b'], budget: 3 })
  })
  it('changes the problem as the server does', () => {
    const changed = changedProblem(problem, { released: ['s'], pinned: ['t'], budget: 4 })
    expect(changed.candidates.map(({ forced, forbidden }) => [forced, forbidden])).toEqual([[false, false], [true, false]])
    expect([changed.budget, problem.budget, problem.candidates[0]!.forced]).toEqual([4, 10, true])
  })
  it('is kept as a scenario of its own where gates were opened', () => {
    const asked = { name: 'old', subdistricts: ['s'], pinned: ['a', 'b'], forbidden: ['c'], open_gates: ['g'], budget: 5, drawn: [{ name: 'd', pinned: true }] }
    expect(askedAgain(asked, 'new', { pinned: ['c'], forbidden: ['p1'], released: ['a'], open_gates: ['h'], budget: 7 })).toEqual({
      name: 'new', subdistricts: ['s'], pinned: ['b', 'c'], forbidden: ['p1'], open_gates: ['g', 'h'], budget: 7, drawn: [{ name: 'd', pinned: false }],
    })
  })
  it('walks through the gates that it opens', async () => {
    answering({ status: 200, body: { plan: solved(6), because: null, distances: [['h', 't', 80]] } })
    const trial = useTrial()
    trial.begin(plan)
    await trial.attempt('open', { open_gates: ['g'] })
    expect(trial.shown.value!.problem.distances).toEqual([['h', 't', 80]])
  })
  it('adds up step by step and goes back without asking again', async () => {
    const asked = answering({ status: 200, body: { plan: solved(4), because: null } }, { status: 200, body: { plan: null, because: { detail: 'no' } } })
    const trial = useTrial()
    trial.begin(plan)

    await trial.attempt('one', { forbidden: ['s'] })
    await trial.attempt('two', { pinned: ['t'] })

    expect(asked).toEqual([{ pinned: [], forbidden: ['s'], released: [] }, { pinned: ['t'], forbidden: ['s'], released: [] }])
    expect([trial.shown.value!.state, trial.name.value]).toEqual(['impossible', 'one；two'])
    trial.undo()
    expect(trial.shown.value!.plan!.covered_weight).toBe(4)
    trial.undo()
    expect(trial.shown.value).toBeNull()
  })
  it('says when an answer takes longer than a moment, and keeps what was tried', async () => {
    answering({ status: 200, body: { plan: solved(4), because: null } }, { status: 409, body: { type: '/problems/takes-longer', title: 'x' } })
    const trial = useTrial()
    trial.begin(plan)
    await trial.attempt('one', { forbidden: ['s'] })

    expect(await trial.attempt('two', { pinned: ['t'] })).toBe(false)
    expect([trial.steps.value.length, trial.problem.value, trial.busy.value]).toEqual([1, null, false])
  })
  it('becomes points of the curve, without those that no plan can reach', async () => {
    answering({ status: 200, body: { plan: null, because: {} } }, { status: 200, body: { plan: { ...solved(4), total_weight: 8, cost: 6, objective: 'max_cover' }, because: null } })
    const points = await triedBudgets(plan, [2, 7], (budget) => `for ${budget}`)
    expect(points).toEqual([{ plan: '', name: 'for 7', cost: 6, share: 50, bound: 50, budget: 7 }])
  })
})
