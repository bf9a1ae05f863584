import { describe, expect, it } from 'vitest'
import type { Device, Report, Wipe } from '@/desks/desks'
import { csvOf } from '@/shared/csv'
import { readingOf } from './told'
import { mayWithdraw, stepOf, unsentOf } from './wipe'
import { filtersOf, questionOf, rowsOf } from './fleet'

describe('the filters of the fleet', () => {
  it('are those of the address, days of silence in hours', () => {
    expect(questionOf(filtersOf({ silent_days: '3', troubled: 'true', colour: 'red' }))).toEqual({ troubled: 'true', silent_for_h: 72 })
    expect(questionOf(filtersOf({ silent_days: 'soon', waiting: 'many' }))).toEqual({})
    expect(questionOf(filtersOf({ waiting: '20', nearly_full: 'true' }))).toEqual({ waiting_from: 20, nearly_full: 'true' })
  })
})

describe('what a tablet told of itself', () => {
  const now = new Date('2026-12-01T08:00:00Z')
  const report = { reported_at: '2026-12-01T07:00:00Z', used_bytes: 90, quota_bytes: 100, battery_percent: 20, charging: false } as Report

  it('is out of date after a day, and low without a charger', () => {
    expect(readingOf(report, now)).toEqual({ stale: false, full_percent: 90, low: true })
    expect(readingOf({ ...report, reported_at: '2026-11-30T07:59:00Z', charging: true }, now)).toMatchObject({ stale: true, low: false })
    expect(readingOf({ ...report, used_bytes: null, quota_bytes: null, battery_percent: null, charging: null }, now)).toMatchObject({ full_percent: null, low: false })
  })
})

describe('a tablet to be erased', () => {
  const wipe = { ordered_at: 'a', learned_at: null, erasing_at: null, erased_at: null } as Wipe

  it('goes step by step, and is taken back until it has begun', () => {
    const steps = [wipe, { ...wipe, learned_at: 'b' }, { ...wipe, learned_at: 'b', erasing_at: 'c' }, { ...wipe, learned_at: 'b', erasing_at: 'c', erased_at: 'd' }]
    expect(steps.map(stepOf)).toEqual(['asked', 'learned', 'erasing', 'erased'])
    expect(steps.map((one) => mayWithdraw({ wipe: one } as Device))).toEqual([true, true, false, false])
    expect(mayWithdraw({ wipe: null } as Device)).toBe(false)
  })

  it('tells what is not sent as far as anybody knows', () => {
    const unsent = (report: Partial<Report> | null) => unsentOf({ report } as Device)
    expect(unsent(null).known).toBe('never')
    expect(unsent({ waiting_items: null }).known).toBe('never')
    expect(unsent({ waiting_items: 0, waiting_photos: 0 }).known).toBe('nothing')
    expect(unsent({ waiting_items: 0, waiting_photos: 2 })).toEqual({ known: 'some', items: 0, photos: 2 })
  })
})

describe('the list as a file', () => {
  it('keeps its characters and runs nothing', () => {
    const one = { worker_name: '=cmd("x")', name: 'a, "b"', clock_offset_ms: -1200, username: 'wang' } as Device

    const [head, line] = csvOf(rowsOf([one], (name) => name)).split('\r\n')

    expect(head?.startsWith('\uFEFFworker_name,username')).toBe(true)
    expect(line?.startsWith(`"'=cmd(""x"")",wang,,"a, ""b""",`)).toBe(true)
    expect(line).toContain(',-1200,')
  })
})
