import { describe, expect, it } from 'vitest'
import { badge, marked, newId, placeOf, type Notice } from './notices'

const notice = (id: string, read_at: string | null = null) => ({ notification_id: id, read_at }) as Notice

describe('a notice', () => {
  it.each([
    ['case', { name: 'case', params: { id: 'x' } }],
    ['joint_action', null],
    ['weather', null],
  ])('about a %s leads to %o', (entity, place) =>
    expect(placeOf({ entity, entity_id: 'x' }, (page) => page !== 'joint-action')).toEqual(place),
  )

  it.each([
    [0, ''],
    [7, '7'],
    [99, '99'],
    [1000, '99+'],
  ])('among %i unread shows "%s"', (unread, shown) => expect(badge(unread)).toBe(shown))

  it('is marked once', () => {
    const before = [notice('a'), notice('b', 'then'), notice('c')]
    expect(marked(before, new Set(['a', 'b']), 'now').map((one) => one.read_at)).toEqual(['now', 'then', null])
  })
})

it('a new channel gets an id of its own', () => {
  const ids = [newId(), newId()]
  expect(ids[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(ids[0]).not.toBe(ids[1])
})
