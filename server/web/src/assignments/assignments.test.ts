import { describe, expect, it } from 'vitest'
import { drawn, NOBODY, sought, workersOf, type Cell } from './assignments'

const square = (x: number): GeoJSON.Polygon => ({ type: 'Polygon', coordinates: [[[x, 0], [x + 1, 0], [x + 1, 1], [x, 1], [x, 0]]] })
const cell = (code: string, x: number, ...names: string[]): Cell => ({
  code,
  neighbourhood_code: '370831001003',
  neighbourhood_name: '三里河社区',
  subdistrict_code: '370831001',
  subdistrict_name: '泗河街道',
  area_m2: 10_000,
  geometry: square(x),
  workers: names.map((name) => ({ assignment_id: name + code, username: name, name: name.toUpperCase(), active: true, valid_from: '2026-01-01', valid_to: null })),
  to_come: [],
})
const cells = [cell('1', 0, 'anna'), cell('2', 1, 'bo'), cell('3', 2), cell('4', 3, 'anna', 'bo')]

describe('the colours of workers', () => {
  it('differ where their cells touch, and keep clear of the sign for nobody', () => {
    const [anna, bo] = workersOf(cells)

    expect([anna?.cells, bo?.cells]).toEqual([2, 2])
    expect(anna?.colour).not.toBe(bo?.colour)
    expect([anna?.colour, bo?.colour]).not.toContain(NOBODY)
  })
  it('mark cells that nobody walks', () => {
    const features = drawn(cells, workersOf(cells), new Set(['3']), '').features

    expect(features.map((one) => one.properties?.empty)).toEqual([false, false, true, false])
    expect(features[2]?.properties).toMatchObject({ colour: NOBODY, chosen: true })
  })
})

describe('the list of cells', () => {
  it('is narrowed by words, by worker, and to cells without one', () => {
    expect(sought(cells, 'ANNA', '').map((one) => one.code)).toEqual(['1', '4'])
    expect(sought(cells, '', 'bo').map((one) => one.code)).toEqual(['2', '4'])
    expect(sought(cells, '', '-').map((one) => one.code)).toEqual(['3'])
  })
})
