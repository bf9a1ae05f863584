import { expect, test } from 'vitest'
import { mappingOf, titleOf } from './places'

test('pairs of fields and columns are read in whatever commas they are written', () => {
  expect(mappingOf('楼名=name，层=floors; =x, y')).toEqual({ 楼名: 'name', 层: 'floors' })
  expect(mappingOf('')).toEqual({})
})

test('a title is told in one language', () => {
  const layer = { name: 'gates', title: '小区出入口 Gates', shape: 'point', columns: [] }
  expect([titleOf(layer, 'zh-CN'), titleOf(layer, 'en')]).toEqual(['小区出入口', 'Gates'])
})
