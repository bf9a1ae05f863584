import { describe, expect, it } from 'vitest'
import type { OutboxItem } from '../protocol'
import { asNote, mineOverTheirs, redoOf } from '../outbox/ways'
import { changed, editOf, faultOf, ruleOf, valuesOf, type EditEntity, type FieldName } from './fields'

const LIFT = { facility_id: 'f', community_id: 'c', building_id: null, kind: 'lift', name: '1号梯', registration_code: null, attributes: {}, origin: 'tablet', lon: 117.27, lat: 35.65 }
const SITE = { name: '', charging_ports: null, has_shed: null, note: '', location: { lon: 117.27, lat: 35.65 } }

describe('a field', () => {
  it.each<[EditEntity, FieldName, unknown, string | null]>([
    ['community', 'name', ' ', 'empty'],
    ['community', 'name', '泗'.repeat(201), 'long'],
    ['community', 'households', null, 'empty'],
    ['community', 'households', 100_001, 'bounds'],
    ['community', 'households', 12.5, 'whole'],
    ['community', 'built_year', null, null],
    ['community', 'built_year', 1899, 'bounds'],
    ['facility', 'name', '', 'empty'],
    ['facility', 'registration_code', '', null],
    ['charging_site', 'name', '', null],
    ['charging_site', 'charging_ports', 10_000, null],
  ])('%s.%s that is to be %j: %s', (entity, field, value, fault) => {
    expect(faultOf(ruleOf(entity, field), value)).toBe(fault)
  })
})

describe('an edit', () => {
  it('tells what was seen and what is to stand, of the fields that differ alone', () => {
    const seen = valuesOf('facility', LIFT)
    const now = { ...seen, name: ' 1号楼1号梯 ', registration_code: '', removed: true }

    expect(changed(seen, now)).toEqual(['name', 'removed'])
    expect(editOf(seen, now)).toEqual({ fields: { name: { old: '1号梯', new: '1号楼1号梯' }, removed: { old: false, new: true } } })
  })

  it('compares places as the server stores them', () => {
    expect(valuesOf('facility', LIFT).location).toEqual({ lon: 117.27, lat: 35.65 })
    expect(valuesOf('charging_site', SITE).location).toEqual({ lon: 117.27, lat: 35.65 })
  })
})

describe('the ways out of a conflict', () => {
  const edit = { type: 'facility.edit', entity_id: 'f', data: { fields: { name: { old: '1号梯', new: '东梯' } } } } as OutboxItem
  const check = { type: 'case.check', entity_id: 'k', data: { passed: false, reason: '仍有车辆', photos: [{ sha256: 'p' }] } } as unknown as OutboxItem

  it('are to do it again on the page it was made on', () => {
    expect(redoOf(edit)).toEqual({ name: 'edit', params: { entity: 'facility', id: 'f' } })
    expect(redoOf(check)).toEqual({ name: 'deed', params: { id: 'k', deed: 'check' } })
    expect(redoOf({ type: 'track.append', entity_id: 't' })).toBeNull()
  })

  it('are to mean the own values all the same, now over what somebody else wrote', () => {
    expect(mineOverTheirs(edit, { name: '西梯' })).toEqual({ fields: { name: { old: '西梯', new: '东梯' } } })
  })

  it('are to mean the own facts all the same, and to leave those of others', () => {
    const facts = { old: { stops: 9, colour: 'red' }, new: { stops: 11 } }
    const mine = { type: 'facility.edit', data: { fields: { attributes: facts } } } as unknown as OutboxItem

    expect(mineOverTheirs(mine, { attributes: { stops: 10, colour: 'blue', remark: '东侧' } })).toEqual({
      fields: { attributes: { old: { stops: 10, colour: 'blue' }, new: { stops: 11 } } },
    })
  })

  it('are to keep what was seen on the spot as a note', () => {
    expect(asNote(check)).toEqual({ text: '仍有车辆', photos: ['p'] })
    expect(asNote(edit)).toBeNull()
  })
})
