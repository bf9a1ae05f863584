import { describe, expect, it } from 'vitest'
import { gathered } from './warnings'

const reused = { type: 'photo-reused', pointer: '/photos/0', detail: 'of another record: 1', detail_zh: '其他记录：1' }

describe('warnings', () => {
  it('of one kind about one photo are told once, with how many more there are', () => {
    const other = { ...reused, pointer: '/photos/1' }
    const told = gathered([reused, { ...reused, detail: 'of another record: 2' }, other])
    expect(told).toEqual([
      { warning: reused, more: 1 },
      { warning: other, more: 0 },
    ])
  })
})
