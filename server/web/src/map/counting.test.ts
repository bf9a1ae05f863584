import { expect, it } from 'vitest'
import { countOf } from './counting'

it('counts what lies in several tiles once, and heaps by what they hold', () => {
  const features = [
    { id: 1, properties: { name: 'a' } },
    { id: 1, properties: { name: 'a' } },
    { id: 2, properties: { name: 'b' } },
    { id: 1, properties: { aggregated: true, count: 40 } },
    { id: 1, properties: { aggregated: true, count: 2 } },
  ]
  expect(countOf(features)).toBe(44)
  expect(countOf([])).toBe(0)
})
