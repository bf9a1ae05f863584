import { expect, test } from 'vitest'
import { frameOf, mappingOf, pathOf, placed, titleOf } from './places'

test('pairs of fields and columns are read in whatever commas they are written', () => {
  expect(mappingOf('楼名=name，层=floors; =x, y')).toEqual({ 楼名: 'name', 层: 'floors' })
  expect(mappingOf('')).toEqual({})
})

test('a title is told in one language', () => {
  const layer = { name: 'gates', title: '小区出入口 Gates', shape: 'point', columns: [] }
  expect([titleOf(layer, 'zh-CN'), titleOf(layer, 'en')]).toEqual(['小区出入口', 'Gates'])
})

test('everything drawn lies in the picture', () => {
  const square = { type: 'Polygon' as const, coordinates: [[[117, 35], [117.1, 35], [117.1, 35.1], [117, 35.1], [117, 35]]] }
  const frame = frameOf([square], 640, 320)

  for (const corner of square.coordinates.flat()) {
    const [x, y] = placed(corner, frame)
    expect(x).toBeGreaterThanOrEqual(0)
    expect(x).toBeLessThanOrEqual(640)
    expect(y).toBeGreaterThanOrEqual(0)
    expect(y).toBeLessThanOrEqual(320)
  }
  expect(pathOf(square, frame).startsWith('M0 320L')).toBe(true)
  expect(placed([117, 35], frameOf([{ type: 'Point', coordinates: [117, 35] }], 640, 320))).toEqual([0, 0])
})
