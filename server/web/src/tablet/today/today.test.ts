import { describe, expect, it } from 'vitest'
import { doubles } from '../cases/near'
import { signalOf } from '../cases/signal'
import type { CaseRecord, InspectionRecord, RuleRecord, TaskRecord } from '../protocol'
import { walkOrder, type Stop } from './order'
import { lastVisits } from './visits'
import { waitingFor } from './waiting'

const NOW = Date.parse('2026-11-30T04:00:00Z')
const HERE = { lon: 117.27, lat: 35.65 }
const one = (case_id: string, over: Partial<CaseRecord> = {}) =>
  ({ case_id, state: 'in_progress', category: 'dog_unlawful', community_id: 'c1', reported_by: null, rework_count: 0, location: HERE, yellow_at: '2026-11-30T03:00:00Z', due_at: '2026-11-30T05:00:00Z', paused_at: null, ...over }) as CaseRecord
const stop = (community_id: string, lon: number, over: Partial<Stop> = {}): Stop => ({ community_id, place: { lon, lat: 35.65 }, days: 3, urgent: false, ...over })

describe('a signal', () => {
  it.each([
    ['yellow after 80 % of the limit', {}, 'yellow'],
    ['green before', { yellow_at: '2026-11-30T04:30:00Z' }, 'green'],
    ['red beyond the limit', { due_at: '2026-11-30T03:30:00Z' }, 'red'],
    ['still while the clock is paused', { due_at: '2026-11-30T03:30:00Z', paused_at: '2026-11-30T02:00:00Z' }, 'green'],
    ['none without a limit', { due_at: null }, 'none'],
    ['none for what is closed', { state: 'closed' }, 'none'],
  ])('is %s', (_name, over, expected) => {
    expect(signalOf(one('a', over), NOW)).toBe(expected)
  })
})

describe('what waits', () => {
  it('puts the most pressing first, and each case once', () => {
    const checked = one('check', { due_at: '2026-11-30T03:00:00Z' })
    const tasks = [
      { id: 'check', data: { kind: 'check', case: checked, community: null, photos: [] } as TaskRecord, local: [] },
      { id: 'done', data: { kind: 'check', case: one('done'), community: null, photos: [] } as TaskRecord, local: ['sent'] },
      { id: 'said', data: { kind: 'verify_complaint', complaint: { verify_due_at: null } } as TaskRecord, local: [] },
      { id: 'water', data: { kind: 'transfer_water', community_id: 'c1' } as TaskRecord, local: [] },
    ]
    const cases = [checked, one('mine', { reported_by: 'me' }), one('other', { reported_by: 'you' }), one('again', { rework_count: 1, due_at: null }), one('look', { state: 'verifying', due_at: null })]

    const waiting = waitingFor('me', tasks, cases, NOW)

    expect(waiting.map(({ kind, id }) => `${kind} ${id}`)).toEqual(['check check', 'mine mine', 'verify look', 'complaint said', 'rework again', 'followUp water'])
  })
})

describe('the order of a walk', () => {
  it('goes to the nearest next, from stop to stop', () => {
    expect(walkOrder([stop('far', 117.29), stop('near', 117.271), stop('mid', 117.28)], HERE).map((s) => s.community_id)).toEqual(['near', 'mid', 'far'])
  })

  it('goes further for what has waited long or is overdue, and last to what was seen today', () => {
    const order = walkOrder([stop('today', 117.2701, { days: 0 }), stop('near', 117.272), stop('long', 117.273, { days: null }), stop('overdue', 117.2725, { urgent: true })], HERE)
    expect(order.map((s) => s.community_id)).toEqual(['long', 'overdue', 'near', 'today'])
  })

  it('needs no position', () => {
    expect(walkOrder([stop('b', 117.28, { days: 1 }), stop('a', 117.29, { days: 20 })], null).map((s) => s.community_id)).toEqual(['a', 'b'])
  })
})

it('knows the last visit of each community, whoever made it', () => {
  const visit = (community_id: string, finished_at: string, name: string) => ({ community_id, finished_at, worker: { user_id: name, name }, checklist: 'T0' }) as InspectionRecord
  const last = lastVisits([visit('c1', '2026-11-28T01:00:00Z', '王'), visit('c1', '2026-11-29T01:00:00Z', '李'), visit('c2', '2026-11-01T01:00:00Z', '王')])

  expect(last.get('c1')).toMatchObject({ at: '2026-11-29T01:00:00Z', worker: '李' })
  expect(last.size).toBe(2)
})

describe('a double', () => {
  const rule = { radius_m: 20, radius_scope: 'distance' } as RuleRecord
  const finding = { category: 'dog_unlawful', community_id: 'c1', place: { ...HERE, accuracy_m: 5 } }

  it.each([
    ['of the kind and within the radius', {}, rule, true],
    ['a little further, where both fixes are poor', { location: { lon: 117.2704, lat: 35.65, accuracy_m: 15 } }, rule, true],
    ['too far away', { location: { lon: 117.271, lat: 35.65, accuracy_m: 5 } }, rule, false],
    ['of another kind', { category: 'order_disturbed' }, rule, false],
    ['closed', { state: 'closed' }, rule, false],
    ['anywhere in the community, where the kind knows no radius', { location: { lon: 117.28, lat: 35.65 } }, { radius_m: null, radius_scope: 'community' }, true],
    ['without a place, in the same community', { location: null }, rule, true],
    ['without a place, elsewhere', { location: null, community_id: 'c2' }, rule, false],
  ] as [string, Partial<CaseRecord>, RuleRecord, boolean][])('%s', (_name, over, its, expected) => {
    expect(doubles([one('a', over)], finding, its).length > 0).toBe(expected)
  })
})
