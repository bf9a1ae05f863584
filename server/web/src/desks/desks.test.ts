import { describe, expect, it } from 'vitest'
import { changed, clockError, deskOf, filtersOf, leadsNowhere, plainKind, questionOf, same, waitFor, type Conflict } from './desks'

const line = (over: Partial<Conflict>): Conflict =>
  ({ kind: 'field', field: 'name', sent: '东侧梯', stood: '1号梯', current: '东侧梯', ...over }) as Conflict

describe('the address of a desk', () => {
  it('names the desk and carries its filters only', () => {
    const query = { desk: 'held', type: ' case.note ', text: 'x', worker: ['walker', 'other'] }
    expect(deskOf(query)).toBe('held')
    expect(filtersOf('held', query)).toEqual({ type: 'case.note', worker: 'walker' })
    expect(deskOf({ desk: 'elsewhere' })).toBe('devices')
  })

  it('loses a filter that is emptied', () => {
    expect(changed({ type: 'a', worker: 'b' }, 'type', ' ')).toEqual({ worker: 'b' })
    expect(changed({}, 'troubled', 'true')).toEqual({ troubled: 'true' })
  })

  it.each([
    [{}, { resolved: 'false' }],
    [{ resolved: 'true', kind: 'field' }, { resolved: 'true', kind: 'field' }],
    [{ resolved: 'all' }, {}],
  ])('asks for the conflicts of %o as %o', (filters, asked) => expect(questionOf('conflicts', filters)).toEqual(asked))

  it('asks of other desks as it stands', () => expect(questionOf('gaps', { worker: 'x' })).toEqual({ worker: 'x' }))
})

describe('what is shown of an item', () => {
  it('names what it waits for', () => {
    expect(waitFor('checklist:sha256:ab')).toEqual({ kind: 'checklist', key: 'sha256:ab' })
    expect(waitFor('leader')).toEqual({ kind: 'leader', key: '' })
  })

  it.each([
    [400, null],
    [-3_200, { amount: -3, unit: 's' }],
    [150_000, { amount: 3, unit: 'min' }],
    [-8_000_000, { amount: -2, unit: 'h' }],
    [31_536_000_000, { amount: 365, unit: 'd' }],
  ])('tells a clock error of %i ms as %o', (ms, told) => expect(clockError(ms)).toEqual(told))
})

describe('a disputed field', () => {
  it.each([
    [line({}), 'text'],
    [line({ sent: 3, stood: 4, current: null }), 'number'],
    [line({ sent: 3, stood: '4' }), null],
    [line({ sent: true, stood: false, current: true }), null],
    [line({ sent: null, stood: null, current: null }), null],
    [line({ kind: 'geometry' }), null],
    [line({ kind: 'item', field: null }), null],
  ])('takes a third value where it is plain', (conflict, kind) => expect(plainKind(conflict)).toBe(kind))

  it('compares what values say, not what they are', () => {
    expect(same({ a: [1] }, { a: [1] })).toBe(true)
    expect(same(undefined, null)).toBe(true)
    expect(same(0, null)).toBe(false)
  })
})

it.each([
  ['http://127.0.0.1:8000', 'thisMachine'],
  ['https://localhost:8000', 'thisMachine'],
  ['http://wangge.example', 'noHttps'],
  ['https://192.168.1.7:8000', null],
  ['not yet', null],
])('an invitation to %s: %s', (address, expected) => {
  expect(leadsNowhere(address)).toBe(expected)
})
