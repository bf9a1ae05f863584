import { describe, expect, it } from 'vitest'
import type { Task } from '@/tables/tasks'
import { deskOfItem, outcomeOf, recordOf, stageOf, type OutboxItem } from './outbox'

const item = (told: Partial<OutboxItem>): OutboxItem => ({ seq: 1, type: 'case.note', entity_id: 'e', status: 'applied', replayed: false, why: '', why_zh: '', ...told })
const task = (done_rows: number) => ({ done_rows, total_rows: 30, asked: { photos: 10 } }) as unknown as Task

describe('how far an outbox file is', () => {
  it('counts photos first, then items', () => {
    expect(stageOf(task(4))).toEqual({ stage: 'photos', done: 4, of: 10 })
    expect(stageOf(task(10))).toEqual({ stage: 'items', done: 0, of: 20 })
    expect(stageOf(task(30))).toEqual({ stage: 'items', done: 20, of: 20 })
  })
})

describe('an item of an outbox file', () => {
  it('leads to the record that it made or changed', () => {
    expect(recordOf(item({ type: 'inspection.create' }))).toEqual({ name: 'inspection', params: { id: 'e' } })
    expect(recordOf(item({ replayed: true, status: 'rejected' }))).toEqual({ name: 'case', params: { id: 'e' } })
    for (const told of [{ status: 'new' }, { status: 'rejected' }, { type: 'photo.attach' }, { type: '?', entity_id: null }]) expect(recordOf(item(told))).toBeNull()
  })
  it('leads to the desk where somebody decides about it', () => {
    expect(deskOfItem(item({ status: 'quarantined' }), 'd')).toEqual({ name: 'desks', query: { desk: 'quarantine', device_id: 'd' } })
    expect(deskOfItem(item({}), 'd')).toBeNull()
  })
  it('that came before counts as that', () => {
    expect(outcomeOf(item({ replayed: true }))).toBe('replayed')
  })
})
