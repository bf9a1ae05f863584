import { describe, expect, it } from 'vitest'
import { before, listOf } from './units'

describe('undoing a change of a unit', () => {
  it('sends what was there before, and nothing else', () => {
    const facts = { changed: { phone: ['0537-1', '0537-2'], parent: [null, 'sihe_subdistrict'] } as Record<string, [unknown, unknown]> }

    expect(before({ at: '', action: 'unit.change', by: null, facts })).toEqual({ phone: '0537-1', parent: null })
  })
})

describe('what keeps a unit from closing', () => {
  it('leads to the list that it was counted from', () => {
    expect(listOf('people', 'a_unit')).toEqual({ name: 'people', query: { unit: 'a_unit', active: 'true' } })
    expect(listOf('papers', 'a_unit')).toBeNull()
  })
})
