import { describe, expect, it } from 'vitest'
import { atHand, firstKind, together, type Wait } from './todo'

const wait = (kind: string, count = 0, red = 0): Wait => ({ kind, command: `case.${kind}`, count, red, yellow: 0, oldest_at: null })

describe('the kind of waiting that is shown first', () => {
  it.each([
    ['the one asked for', [wait('dispatch', 3, 1), wait('signature')], 'signature', 'signature'],
    ['else the first with something overdue', [wait('dispatch', 3), wait('request', 1, 1)], undefined, 'request'],
    ['else the first with anything', [wait('dispatch'), wait('request', 1)], undefined, 'request'],
    ['else the first', [wait('dispatch'), wait('request')], undefined, 'dispatch'],
    ['what is unknown counts as not asked for', [wait('dispatch', 1)], 'dance', 'dispatch'],
    ['none where nothing can wait', [], undefined, undefined],
  ])('%s', (_says, waits, asked, shown) => {
    expect(firstKind(waits, asked)).toBe(shown)
  })
})

describe('commands on many cases', () => {
  it('are those that need no look at each of them', () => {
    expect(together('signature')).toBe('case.close')
    expect(together('check')).toBeUndefined()
  })
})

describe('what a row offers', () => {
  it('is what the one signed in may do about this waiting', () => {
    expect(atHand('report', (command) => command !== 'case.file')).toEqual(['case.ask_verification', 'case.decline'])
    expect(atHand('unheard-of', () => true)).toEqual([])
  })
})
