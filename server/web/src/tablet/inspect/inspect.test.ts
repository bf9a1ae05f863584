import { describe, expect, it } from 'vitest'
import type { Answer, Checklist, Item } from '../checklist/model'
import type { BuildingRecord, FacilityRecord } from '../protocol'
import { placed, sayAnswer, withExtras, withInstance, withValue } from './answers'
import { fromHandedIn, handedIn, newDraft, photosOfDraft, type InspectionDraft } from './draft'
import { found, namedFor } from './refs'
import { areaM2, cornersOf, lengthM, shapeOf } from './shape'
import { assigned, spotsOf } from './tray'

const [A, B, C] = ['a', 'b', 'c'].map((letter) => letter.repeat(64)) as [string, string, string]
const PLACE = { lon: 117.27, lat: 35.65, accuracy_m: 6 }
const item = (code: string, type: Item['type'], over: Partial<Item> = {}): Item => ({ code, type, label_zh: code, label_en: code, ...over })
const WALK: Checklist = {
  code: 'T0',
  version: 'sha256:1',
  title_zh: '日常巡查',
  title_en: 'Daily walk',
  measures: [],
  published_on: '2026-11-22',
  items: [item('finding', 'group', { items: [item('category', 'one')] }), item('rest_in_order', 'yn'), item('panorama', 'photo')],
}
const draft = (over: Partial<InspectionDraft> = {}): InspectionDraft => ({ ...newDraft(WALK, { community_id: 'c1', name: '荷塘' }, '2026-11-30T01:00:00Z', PLACE), ...over })

describe('an answer', () => {
  it('changes its value and keeps what stands beside it', () => {
    expect(withValue({ value: true, note: '看过', photos: [A] }, false)).toEqual({ value: false, note: '看过', photos: [A] })
    expect(withValue({ na: true }, false)).toEqual({ value: false })
    expect(withValue({ value: 1 }, undefined)).toBeUndefined()
  })

  it('chosen as nothing of many is an answer', () => {
    expect(withValue(undefined, [])).toEqual({ value: [] })
  })

  it('loses what is taken away from beside it', () => {
    expect(withExtras({ value: 1, note: 'x', photos: [A] }, { note: undefined, photos: [] })).toEqual({ value: 1 })
  })

  it('gets the place where the worker stands, unless he named one', () => {
    const answer: Answer = { value: 1 }
    expect(placed(answer, PLACE)).toEqual({ value: 1, location: PLACE })
    expect(placed({ ...answer, location: PLACE }, { lon: 1, lat: 1 }).location).toBe(PLACE)
    expect(placed(answer, null)).toEqual({ value: 1 })
  })

  it('of a group gains, changes and loses instances', () => {
    const one = withInstance(undefined, 0, { note: 'x' })
    expect(one?.instances).toEqual([{ note: 'x' }])
    expect(withInstance(one, 0, { note: 'y' })?.instances).toEqual([{ note: 'y' }])
    expect(withInstance(one, 0, undefined)).toBeUndefined()
  })

  it('is told in words', () => {
    const words = { yes: '是', no: '否', na: '不适用', notInspected: '没法检查', blank: '没填', named: (zh: string) => zh, count: (n: number) => `${n}` }
    const kinds = item('kind', 'many', { choices: [{ code: 'dog', label_zh: '犬', label_en: 'dog' }] })
    expect(sayAnswer(item('x', 'yn'), { value: false }, words)).toBe('否')
    expect(sayAnswer(item('x', 'yn'), { not_inspected: '锁着门' }, words)).toBe('没法检查：锁着门')
    expect(sayAnswer(kinds, { value: ['dog'] }, words)).toBe('犬')
    expect(sayAnswer(item('x', 'group'), { instances: [{}, {}] }, words)).toBe('2')
    expect(sayAnswer(item('x', 'num'), undefined, words)).toBe('没填')
  })
})

describe('a draft', () => {
  const full = draft({ tray: [C], answers: { finding: { instances: [{ category: { value: 'dog_unlawful' }, photos: [A] }] }, rest_in_order: { value: true }, panorama: { value: [B] } } })

  it('is handed in with every photo in its part', () => {
    const data = handedIn(full, '2026-11-30T01:20:00Z')

    expect(data.photos).toEqual([
      { sha256: A, role: 'before' },
      { sha256: B, role: 'panorama' },
      { sha256: C, role: 'other' },
    ])
    expect(data).toMatchObject({ checklist: 'T0', checklist_version: 'sha256:1', community_id: 'c1', location: PLACE, finished_at: '2026-11-30T01:20:00Z' })
    expect(photosOfDraft(full)).toEqual([A, B, C])
  })

  it('can be made of what was handed in, to correct it', () => {
    const again = fromHandedIn(handedIn(full, '2026-11-30T01:20:00Z'), WALK, '荷塘', 'i1')

    expect(again).toMatchObject({ corrects: 'i1', tray: [C], answers: full.answers, started_at: full.started_at })
  })
})

describe('a photo from a burst', () => {
  const sorted = draft({ tray: [A, B], answers: { finding: { instances: [{ category: { value: 'x' } }] } } })

  it('can go to what was found, or to any item', () => {
    expect(spotsOf(WALK.items, sorted.answers).map(({ code, instance }) => [code, instance])).toEqual([
      ['finding', 0],
      ['rest_in_order', null],
      ['panorama', null],
    ])
  })

  it('leaves the tray for its spot', () => {
    const there = assigned(sorted, A, { code: 'finding', instance: 0, zh: '', en: '' })
    expect(there.tray).toEqual([B])
    expect(there.answers.finding?.instances?.[0]).toMatchObject({ photos: [A] })
    expect(assigned(sorted, B, { code: 'rest_in_order', instance: null, zh: '', en: '' }).answers.rest_in_order).toEqual({ photos: [B] })
  })
})

describe('a drawn shape', () => {
  const corners = [
    { lon: 117.27, lat: 35.65 },
    { lon: 117.271, lat: 35.65 },
    { lon: 117.271, lat: 35.651 },
  ]

  it('is closed for the server and open for the hand', () => {
    const area = shapeOf('Polygon', corners)
    expect(area?.coordinates[0]).toHaveLength(4)
    expect(cornersOf(area)).toEqual(corners)
    expect(shapeOf('Polygon', corners.slice(0, 2))).toBeNull()
    expect(shapeOf('LineString', corners.slice(0, 2))?.type).toBe('LineString')
  })

  it('knows its size in metres', () => {
    expect(areaM2(corners)).toBeCloseTo((90.3 * 111.2) / 2, -2)
    expect(lengthM(corners)).toBeCloseTo(201.6, 0)
  })
})

describe('what an answer can name', () => {
  const houses = [{ building_id: 'b1', name: '3号楼', entrances: [{ entrance_id: 'e1', name: '1单元', lon: 117.27, lat: 35.65 }] }] as BuildingRecord[]
  const facilities = [
    { facility_id: 'f1', kind: 'lift', name: '1号梯', building_id: 'b1', registration_code: '3110', lon: 117.28, lat: 35.65 },
    { facility_id: 'f2', kind: 'hydrant', name: '消防栓', building_id: null, registration_code: null, lon: 117.27, lat: 35.65 },
  ] as FacilityRecord[]

  it.each([
    ['building_entrance', ['3号楼 1单元']],
    ['lift', ['3号楼 1号梯（3110）']],
    ['facility', ['3号楼 1号梯（3110）', '消防栓']],
  ])('%s', (code, names) => {
    expect(namedFor(code, houses, facilities).map((one) => one.name)).toEqual(names)
  })

  it('is found by a part of its name, the nearest first', () => {
    const all = namedFor('facility', houses, facilities)
    expect(found(all, '', { lon: 117.27, lat: 35.65 })[0]?.id).toBe('f2')
    expect(found(all, '3110', null).map((one) => one.id)).toEqual(['f1'])
  })
})
