import { describe, expect, it } from 'vitest'
import { lastResults } from './joint'

describe('the results of a joint action', () => {
  it('are the last word of each participant, the silent ones told too', () => {
    const told = (unit: string, result: string) => ({ unit, finding: 'x', result, recorded_at: '2026-12-01T01:00:00Z' })
    const shown = lastResults({
      participants: [
        { unit: 'police', name: '公安局' },
        { unit: 'safety', name: '应急局' },
      ],
      results: [told('police', 'first'), told('police', 'corrected')],
    })
    expect(shown.map((one) => one.result?.result ?? null)).toEqual(['corrected', null])
  })
})
