import { expect, it } from 'vitest'
import { foundIn } from './found'

it('tells what lies under a click once, cases before places', () => {
  const clicked = [
    { layer: { id: 'grid-cells-fill' }, properties: { code: '370831001001001', origin: 'demo' } },
    { layer: { id: 'cases-points' }, properties: { case_id: 'c1', number: '370831-2026-000001' } },
    { layer: { id: 'cases-points' }, properties: { case_id: 'c1', number: '370831-2026-000001' } },
    { layer: { id: 'ground' }, properties: {} },
  ]
  expect(foundIn(clicked).map(({ layer, title, demo }) => [layer, title, demo])).toEqual([
    ['cases', '370831-2026-000001', false],
    ['grid-cells', '370831001001001', true],
  ])
})
