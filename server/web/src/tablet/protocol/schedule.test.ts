import { describe, expect, it } from 'vitest'
import type { SyncStatus } from './contract'
import { AT_REST } from './progress'
import { isDue } from './schedule'

const NOW = Date.parse('2026-11-22T08:00:00Z')
const [before, after] = ['2026-11-22T07:59:00Z', '2026-11-22T08:01:00Z']

describe('it is time to sync', () => {
  it.each<[string, Partial<SyncStatus>, boolean]>([
    ['when the server was never heard', {}, true],
    ['not while it goes', { phase: 'pulling' }, false],
    ['when the hour that the server named has come', { next_sync_at: before }, true],
    ['not before it', { next_sync_at: after, last_heard_at: before }, false],
    ['when a broken line has rested', { pause: 'line-down', until: before, next_sync_at: after }, true],
    ['not while a busy server wants peace', { pause: 'busy', until: after, next_sync_at: before }, false],
    ['when nothing was heard for long', { last_heard_at: '2026-11-22T07:40:00Z' }, true],
    ['not soon after a word', { last_heard_at: before }, false],
  ])('%s', (_, status, due) => expect(isDue({ ...AT_REST, ...status }, NOW)).toBe(due))
})
