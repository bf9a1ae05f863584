import { describe, expect, it } from 'vitest'
import { dayLog } from '../me/log'
import type { InspectionRecord, OutboxItem } from '../protocol'
import { commandOf, lacks, NOTHING } from '../propose/commands'
import { sayBytes } from '@/shared/bytes'
import { compared } from './compare'

it.each([
  [0, '0 kB'],
  [1, '1 kB'],
  [812_345, '812 kB'],
  [2_913_044, '2.9 MB'],
  [48_000_000, '48 MB'],
  [1_230_000_000, '1.2 GB'],
])('says %i bytes as %s', (bytes, said) => {
  expect(sayBytes(bytes)).toBe(said)
})

describe('two versions', () => {
  it('stand side by side by what was sent, with the state that came between', () => {
    const rows = compared({ passed: true, reason: '合格' }, { state: 'in_progress', reason: '合格', description: '…' })
    expect(rows).toEqual([
      { name: 'passed', mine: 'true', current: '—', differs: false },
      { name: 'reason', mine: '合格', current: '合格', differs: false },
      { name: 'state', mine: '—', current: 'in_progress', differs: false },
    ])
  })

  it('of an edit compare what the fields were to become', () => {
    expect(compared({ fields: { households: { old: 480, new: 496 } } }, { households: 490 })).toEqual([{ name: 'households', mine: '496', current: '490', differs: true }])
  })

  it('of an edit of facts compare those that it asks for', () => {
    const mine = { fields: { attributes: { old: { stops: 9, maintainer: '泗水电梯' }, new: { stops: 11, maintainer: '泗水电梯' } } } }
    const say = (_: string, value: unknown) => String((value as { stops: number; maintainer?: string }).stops)
    expect(compared(mine, { attributes: { stops: 11, maintainer: '济宁电梯' } }, say)[0]?.differs).toBe(false)
    expect(compared(mine, { attributes: { stops: 10, maintainer: '泗水电梯' } }, say)[0]).toEqual({ name: 'attributes', mine: '11', current: '10', differs: true })
  })
})

describe('the log of a day', () => {
  const item = (type: string, made_at: string, data: unknown, entity_id = made_at) => ({ type, made_at, data, entity_id, fate: { kind: 'accepted' } }) as OutboxItem
  const items = [
    item('inspection.create', '2026-11-30T02:00:00Z', { checklist: 'T0', community_id: 'c1', finished_at: '2026-11-30T02:00:00Z' }, 'i1'),
    item('case.check', '2026-11-30T01:00:00Z', {}),
    item('track.append', '2026-11-30T03:00:00Z', { points: [{ lon: 117.27, lat: 35.65 }, { lon: 117.271, lat: 35.65 }] }),
    item('inspection.create', '2026-11-29T02:00:00Z', { community_id: 'c1', finished_at: '2026-11-29T02:00:00Z' }, 'i0'),
  ]
  const elsewhere = [{ inspection_id: 'i1' }, { inspection_id: 'i2' }].map((one) => ({ ...one, checklist: 'T4', community_id: 'c2', community_name: '泗滨', finished_at: '2026-11-30T00:30:00Z', case_ids: ['x'], corrects: null })) as InspectionRecord[]

  it('holds what was done that day here, and what the server knows from another tablet', () => {
    const log = dayLog('2026-11-30', items, elsewhere, () => 2)

    expect(log.lines.map((line) => [line.type, line.community_id])).toEqual([
      ['inspection.create', 'c2'],
      ['case.check', null],
      ['inspection.create', 'c1'],
    ])
    expect(log).toMatchObject({ inspections: 2, communities: 2, problems: 3, steps: 1 })
    expect(log.metres).toBeCloseTo(90, 0)
  })

  it('begins at midnight of the county', () => {
    expect(dayLog('2026-12-01', [item('case.note', '2026-11-30T16:30:00Z', {})], [], () => 0).steps).toBe(1)
  })
})

describe('a proposal', () => {
  const place = { lon: 117.27, lat: 35.65 }

  it('says what it lacks', () => {
    expect(lacks('facility', NOTHING)).toEqual(['community', 'place', 'kind', 'name'])
    expect(lacks('site', { ...NOTHING, community_id: 'c1', place })).toEqual([])
    expect(lacks('complaint', { ...NOTHING, community_id: 'c1' })).toEqual(['describe'])
    expect(lacks('report', { ...NOTHING, community_id: 'c1', place })).toEqual(['category', 'photo'])
  })

  it('becomes a command without what was left empty', () => {
    const told = { ...NOTHING, community_id: 'c1', place, words: '电梯困人', contact: { name: '张女士', phone: ' ', address: '' } }
    expect(commandOf('complaint', told)).toMatchObject({ type: 'complaint.create', data: { description: '电梯困人', contact: { name: '张女士' } } })
    expect(commandOf('report', { ...told, category: 'lift_stopped', severity: 'A', photos: ['p'], joins: 'k1' })).toEqual({
      type: 'case.report',
      data: { community_id: 'c1', category: 'lift_stopped', severity: 'A', location: place, photos: ['p'], joins: 'k1', description: '电梯困人' },
    })
    expect(commandOf('facility', { ...told, name: ' 1号梯 ', kind: 'lift' }).data).toEqual({ community_id: 'c1', kind: 'lift', name: '1号梯', location: place })
  })
})
