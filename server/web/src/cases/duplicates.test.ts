import { describe, expect, it } from 'vitest'
import type { Case } from '@/shared/types'
import { mergesOf } from './duplicates'

const kase = (commands: string[], ended_at: string | null = null) => ({ commands, ended_at }) as unknown as Case

describe('merging two cases', () => {
  it('lets only a report go into the other one', () => {
    const ways = mergesOf(kase(['case.merge']), kase(['case.dispatch']))
    expect(ways.map((way) => way.keeps)).toEqual(['other'])
  })

  it('leaves the choice between two reports', () => {
    expect(mergesOf(kase(['case.merge']), kase(['case.merge'])).map((way) => way.keeps)).toEqual(['other', 'here'])
  })

  it('offers nothing to those who may not, nor into a case that has ended', () => {
    expect(mergesOf(kase([]), kase([]))).toEqual([])
    expect(mergesOf(kase(['case.merge']), kase([], '2026-11-20T00:00:00Z'))).toEqual([])
  })
})
