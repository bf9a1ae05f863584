import { describe, expect, it } from 'vitest'
import { around, lookOf, placeName, provenOf, servingOf, siteSets, towards, yuan, type PlaceTold, type SitingProblem, type Solved } from './siting'

const problem: SitingProblem = {
  radius_m: 300,
  objective: 'max_cover',
  demand: [
    { id: 'a', x: 0, y: 0, weight: 10 },
    { id: 'b', x: 250, y: 0, weight: 5 },
    { id: 'c', x: 900, y: 0, weight: 7 },
  ],
  candidates: [
    { id: 's', x: 0, y: 100, cost: 1 },
    { id: 't', x: 250, y: 100, cost: 1 },
    { id: 'u', x: 0, y: 90, cost: 1, forbidden: true },
  ],
}

describe('siting', () => {
  it('lets everybody walk to the nearest open site within the radius', () => {
    const served = servingOf(problem, ['s', 't'])
    expect([...served.by].map(([id, { site }]) => [id, site])).toEqual([['a', 's'], ['b', 't']])
    expect(served.bySite.get('t')).toEqual(['b'])
    expect(served.straightWeight).toBe(15)
  })
  it('tells whom a straight line reaches and a walk does not', () => {
    const walked = servingOf({ ...problem, distances: [['a', 's', 120], ['b', 's', 310]] }, ['s'])
    expect([...walked.by.keys()]).toEqual(['a'])
    expect([...walked.straightOnly]).toEqual(['b'])
  })
  it('offers places to move a site to, the nearest first', () => {
    expect(around(problem, 's', ['s'])).toEqual([{ id: 't', metres: 250, towards: 'e' }])
    expect(around(problem, 'nowhere', [])).toEqual([])
    expect([towards(0, 1), towards(-1, 1), towards(-1, 0), towards(1, -1)]).toEqual(['n', 'nw', 'w', 'se'])
  })
  it('says how good a plan is known to be', () => {
    const plan = { objective: 'max_cover', status: 'optimal', value: 15, bound: 15, gap: 0 } as Solved
    expect(provenOf(plan).word).toBe('mostOptimal')
    expect(provenOf({ ...plan, status: 'feasible', bound: 20, gap: 0.25 })).toEqual({ word: 'mostFeasible', numbers: { apart: '5', share: '25.0', bound: '20' } })
    expect(provenOf({ ...plan, objective: 'min_sites' }).word).toBe('leastOptimal')
  })
  it('puts two plans side by side', () => {
    const of = (...ids: string[]) => ({ sites: ids.map((id) => ({ id })) }) as Solved
    expect(siteSets(of('a', 'b'), of('b', 'c'))).toEqual({ both: ['b'], first: ['a'], second: ['c'] })
  })
  it('reads what the address asks for', () => {
    expect(lookOf({ scenario: 'x', plan: ['y', 'z'], new: '1' })).toEqual({ scenario: 'x', plan: '', beside: '', fresh: true })
  })
  it('writes money as officials do', () => {
    expect([yuan(1_255_000, 'zh-CN'), yuan(800, 'zh-CN'), yuan(12_000, 'en')]).toEqual(['125.5 万元', '800 元', '¥12,000'])
  })
  it('calls a place by its name, else by its community', () => {
    const told = { name: '', community_name: '望湖小区' } as PlaceTold
    expect(placeName('g511234_3947008', told)).toBe('望湖小区 234-008')
    expect([placeName('p1', { ...told, name: '东门' }), placeName('p1', undefined)]).toEqual(['东门', 'p1'])
  })
})
