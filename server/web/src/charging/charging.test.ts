import { describe, expect, it } from 'vitest'
import { forwardOf } from './charging'

describe('the step that selected sites take together', () => {
  it('is that of their common state', () => {
    expect(forwardOf([{ state: 'planned' }, { state: 'planned' }])).toBe('work.meet')
    expect(forwardOf([{ state: 'building' }])).toBe('work.complete')
  })
  it('is none for different states, for none, and at the end of the way', () => {
    expect(forwardOf([{ state: 'planned' }, { state: 'building' }])).toBeNull()
    expect(forwardOf([])).toBeNull()
    expect(forwardOf([{ state: 'in_service' }])).toBeNull()
  })
})
