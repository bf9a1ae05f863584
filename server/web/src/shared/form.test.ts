import { describe, expect, it } from 'vitest'
import { changed, told, toldOnly, unanswered, type Question } from './form'

const FORM: Question[] = [
  { name: 'place', label: 'Place', kind: 'line', required: true },
  { name: 'persons', label: 'Persons', kind: 'lines' },
  { name: 'served_at', label: 'Served at', kind: 'moment' },
  { name: 'received', label: 'Received', kind: 'flag', required: true },
]

describe('a form', () => {
  it('names what is required and empty, a refusal being an answer', () => {
    expect(unanswered(FORM, { place: '  ', received: false })).toEqual(['Place'])
    expect(unanswered(FORM, { place: 'x' })).toEqual(['Received'])
  })

  it('tells lines as a list and local times as instants', () => {
    expect(told(FORM, { place: ' gate ', persons: 'Li\n\n Wang ', served_at: '2026-11-22 16:00', received: true })).toEqual({
      place: 'gate',
      persons: ['Li', 'Wang'],
      served_at: '2026-11-22T16:00:00+08:00',
      received: true,
    })
  })

  it('leaves out what was left empty where it is asked to', () => {
    expect(toldOnly(FORM, { place: 'gate', persons: '' })).toEqual({ place: 'gate' })
  })

  it('tells only what was changed, emptied fields too', () => {
    expect(changed(FORM, { place: 'gate', persons: 'Li' }, { place: 'gate', persons: '' })).toEqual({ persons: [] })
  })
})
