import { describe, expect, it } from 'vitest'
import { factsAsked, factsNamed, factsOver } from './facts'

const HELD = { stops: 9, maintainer: '泗水电梯', colour: 'red' }

describe('a change of facts', () => {
  it.each([
    ['one told anew', { stops: 9 }, { stops: 11 }, { ...HELD, stops: 11 }],
    ['one added, all others told as they were seen', { stops: 9 }, { stops: 9, remark: '东侧' }, { ...HELD, remark: '东侧' }],
    ['one taken out', { colour: 'red' }, {}, { stops: 9, maintainer: '泗水电梯' }],
    ['one taken out by null', { colour: 'red' }, { colour: null }, { stops: 9, maintainer: '泗水电梯' }],
    ['of what nobody saw', null, { stops: 11 }, { ...HELD, stops: 11 }],
    ['of nothing', HELD, HELD, HELD],
  ])('lays %s over what stands, and touches nothing else', (_, old, told, stands) => {
    expect(factsOver(HELD, { old, new: told })).toEqual(stands)
  })

  it('keeps what somebody else wrote meanwhile, whichever change comes first', () => {
    const one = { old: { stops: 9 }, new: { stops: 11 } }
    const other = { old: HELD, new: { ...HELD, maintainer: '济宁电梯' } }

    expect(factsOver(factsOver(HELD, one), other)).toEqual(factsOver(factsOver(HELD, other), one))
    expect(factsAsked(other)).toEqual(['maintainer'])
    expect(factsNamed(HELD, factsAsked(one))).toEqual({ stops: 9 })
  })
})
