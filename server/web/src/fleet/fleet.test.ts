import { describe, expect, it } from 'vitest'
import type { Device } from '@/desks/desks'
import { asCsv, filtersOf, questionOf } from './fleet'

describe('the filters of the fleet', () => {
  it('are those of the address, days of silence in hours', () => {
    expect(questionOf(filtersOf({ silent_days: '3', troubled: 'true', colour: 'red' }))).toEqual({ troubled: 'true', silent_for_h: 72 })
    expect(questionOf(filtersOf({ silent_days: 'soon' }))).toEqual({})
  })
})

describe('the list as a file', () => {
  it('keeps its characters and runs nothing', () => {
    const one = { worker_name: '=cmd("x")', name: 'a, "b"', clock_offset_ms: -1200, username: 'wang' } as Device

    const [head, line] = asCsv([one], (name) => name).split('\r\n')

    expect(head?.startsWith('\uFEFFworker_name,username')).toBe(true)
    expect(line?.startsWith(`"'=cmd(""x"")",wang,,"a, ""b""",`)).toBe(true)
    expect(line).toContain(',-1200,')
  })
})
