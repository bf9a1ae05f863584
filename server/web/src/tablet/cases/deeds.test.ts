import { describe, expect, it } from 'vitest'
import type { CaseRecord } from '../protocol'
import { dataOf, deedsOf, lacks, NOTHING, type Filled } from './deeds'

const WORKER = { user_id: 'me', rights: ['photo.attach', 'case.check', 'case.verify', 'case.reopen', 'case.record_refusal', 'case.note'] }
const COMPANY = { user_id: 'firm', rights: ['case.accept', 'case.claim_fixed', 'case.report_dissuaded', 'case.note'] }
const PLACE = { lon: 117.27, lat: 35.65 }
const one = (state: string, checker_id: string | null = null) => ({ state, checker_id }) as CaseRecord
const filled = (over: Partial<Filled>): Filled => ({ ...NOTHING, ...over })

describe('the steps that are open', () => {
  it.each([
    ['a check that is mine', one('checking', 'me'), WORKER, ['check', 'refusal', 'photos', 'note']],
    ['a check of somebody else', one('checking', 'you'), WORKER, ['refusal', 'photos', 'note']],
    ['a report to verify', one('verifying'), WORKER, ['verify', 'refusal', 'photos', 'note']],
    ['a closed case', one('closed'), WORKER, ['reopen']],
    ['a case sent to the company', one('dispatched'), COMPANY, ['accept', 'dissuaded', 'note']],
    ['a case that it mends', one('in_progress'), COMPANY, ['claim', 'dissuaded', 'note']],
    ['a declined report', one('declined'), WORKER, []],
  ])('%s', (_name, which, person, expected) => {
    expect(deedsOf(which, person)).toEqual(expected)
  })
})

describe('a step', () => {
  it.each([
    ['check', {}, null, ['choice', 'photos', 'place']],
    ['check', { passed: false, photos: ['a'] }, PLACE, ['words']],
    ['check', { passed: true, photos: ['a'] }, PLACE, []],
    ['verify', { photos: ['a'] }, PLACE, ['choice']],
    ['claim', { photos: ['a'] }, null, ['words']],
    ['note', { words: ' ' }, null, ['words']],
    ['refusal', {}, null, ['photos']],
    ['photos', {}, null, ['photos']],
    ['accept', {}, null, []],
  ] as const)('%s with %j lacks %j', (deed, part, place, expected) => {
    expect(lacks(deed, filled(part as Partial<Filled>), place)).toEqual(expected)
  })

  it('is handed in with what belongs to it and no more', () => {
    expect(dataOf('check', filled({ passed: true, words: ' 已清走 ', photos: ['a'] }), PLACE)).toEqual({ passed: true, reason: '已清走', photos: ['a'], location: PLACE })
    expect(dataOf('note', filled({ words: '电话已通知' }), PLACE)).toEqual({ text: '电话已通知', photos: [] })
    expect(dataOf('photos', filled({ photos: ['a'] }), null)).toEqual({ photos: [{ sha256: 'a', role: 'before' }] })
    expect(dataOf('claim', filled({ words: '已清走', paid_by: 'owner', photos: ['a'] }), null)).toEqual({ done: '已清走', paid_by: 'owner', photos: ['a'], location: null })
  })
})
