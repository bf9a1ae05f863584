import { describe, expect, it } from 'vitest'
import { COMMANDS, dataOf, missing, offered } from './commands'

const here = { lon: 117.27, lat: 35.65, accuracy_m: 6, datum: 'wgs84' }
const photos = [{ sha256: 'ab', size: 1, content_type: 'image/jpeg' }]

describe('the commands of a case', () => {
  it('are those the server allows and the page knows, the way forward first', () => {
    expect(offered(['case.note', 'case.dispatch', 'case.unheard_of'])).toEqual(['case.dispatch', 'case.note'])
    expect(offered(undefined)).toEqual([])
  })

  it.each([
    ['case.dispatch', {}, ['unit', 'demand']],
    ['case.dispatch', { unit: 'x', demand: '  ' }, ['demand']],
    ['case.claim_fixed', { done: '已拆除', paid_by: 'owner', location: here, photos: [] }, ['photos']],
    ['case.claim_fixed', { done: '已拆除', paid_by: 'owner', location: { lon: null }, photos }, ['location']],
    ['case.check', { passed: true, location: here, photos }, []],
    ['case.check', { passed: false, location: here, photos }, ['reason']],
    ['case.accept', {}, []],
    ['case.decide', { request_id: 'x', granted: true }, []],
    ['case.decide', { request_id: 'x', granted: false }, ['reason']],
    ['case.suspend', { reason: '冬季停工' }, ['resume_on']],
    ['case.record_disposition', {}, []],
  ])('%s with %o still misses %o', (command, filled, names) => {
    expect(missing(command, filled)).toEqual(names)
  })

  it('leave empty fields out and send local times as instants of the county', () => {
    const filled = { unit: 'x', due_at: '2026-12-01 17:30', demand: '清除', note: 'not asked for' }
    expect(dataOf('case.dispatch', filled)).toEqual({ unit: 'x', due_at: '2026-12-01T17:30:00+08:00', demand: '清除' })
    expect(dataOf('case.dispatch', { unit: 'x', demand: '清除', due_at: '' })).toEqual({ unit: 'x', demand: '清除' })
  })

  it('keep a "no" that was meant', () => {
    expect(dataOf('case.check', { passed: false })).toEqual({ passed: false })
  })

  it('never name a field twice', () => {
    for (const fields of Object.values(COMMANDS)) {
      expect(new Set(fields.map((field) => field.name)).size).toBe(fields.length)
    }
  })
})
