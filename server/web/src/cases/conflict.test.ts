import { describe, expect, it } from 'vitest'
import { Problem } from '@/shared/problem'
import type { Case } from '@/shared/types'
import { currentIn, differences } from './conflict'

const seen = { case_id: '1', state: 'filed', version: 3, unit: null, due_at: null } as unknown as Case
const now = { ...seen, state: 'dispatched', version: 4, unit: 'zhongtian' }
const problem = (extra: object) => new Problem({ type: '/problems/stale-version', title: 'x', status: 409, ...extra })

describe('a case that moved on', () => {
  it('is told field by field', () => {
    expect(differences(seen, now)).toEqual([
      { field: 'state', was: 'filed', now: 'dispatched' },
      { field: 'unit', was: null, now: 'zhongtian' },
    ])
  })

  it('shows nothing when only a note lies between', () => {
    expect(differences(seen, { ...seen, version: 4 })).toEqual([])
  })

  it('is read from the 409 that carries it', () => {
    expect(currentIn(problem({ current: now }))).toBe(now)
    expect(currentIn(problem({ case: now }))).toBe(now)
    expect(currentIn(problem({ current: 'filed' }))).toBeNull()
  })
})
