import { describe, expect, it } from 'vitest'
import { changed, filtersOf } from './filters'

describe('the filters of the ledger', () => {
  it('are read from the address, unknown and empty ones left out', () => {
    expect(filtersOf({ state: 'filed', text: ' ', page: '3', signal: ['red', 'green'] })).toEqual({
      state: 'filed',
      signal: 'red',
    })
  })

  it('survive the way into the address and back', () => {
    const filters = changed({}, { text: '飞线', measure: 13, severity: 'A' })
    expect(filtersOf(filters)).toEqual({ text: '飞线', measure: '13', severity: 'A' })
  })

  it('disappear when they are emptied, the others stay', () => {
    expect(changed({ state: 'filed', unit: 'x' }, { state: null })).toEqual({ unit: 'x' })
    expect(changed({ state: 'filed', unit: 'x' }, { unit: '' })).toEqual({ state: 'filed' })
  })
})
