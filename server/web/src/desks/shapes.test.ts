import { describe, expect, it } from 'vitest'
import { apart, frameOf, linesOf, spotOf, type Spot } from './shapes'

const square = { type: 'Polygon', coordinates: [[[117, 35], [117.001, 35], [117.001, 35.001], [117, 35]]] }

describe('shapes', () => {
  it.each([
    [{ lon: 117, lat: 35 }, [[[117, 35]]]],
    [{ type: 'Point', coordinates: [117, 35] }, [[[117, 35]]]],
    [{ type: 'MultiPolygon', coordinates: [square.coordinates] }, square.coordinates],
    [{ type: 'Polygon', coordinates: [] }, null],
    [{ lon: 'x', lat: 35 }, null],
    ['东侧', null],
    [null, null],
  ])('of %o are drawn as lines', (value, lines) => expect(linesOf(value)).toEqual(lines))

  it('of nothing but a position are told in one line', () => {
    expect(spotOf({ lon: 117, lat: 35 })).toEqual([117, 35])
    expect(spotOf({ lon: 117, lat: 35, accuracy_m: 5 })).toBeNull()
    expect(spotOf('117, 35')).toBeNull()
    expect(spotOf(square)).toBeNull()
  })

  it('fill the same square, in metres around their middle', () => {
    const { place, half } = frameOf([square.coordinates as Spot[][]])
    expect(half).toBeCloseTo(55.66 * 1.25, 1)
    const [east, north] = place([117.001, 35.001])
    expect(east).toBeCloseTo(45.6, 1)
    expect(north).toBeCloseTo(55.66, 1)
  })

  it('of one point still have room', () => expect(frameOf([[[[117, 35]]]]).half).toBeGreaterThan(5))

  it('lie so many metres apart', () => expect(apart([[[117, 35]]], [[[117, 35.001]]])).toBeCloseTo(111.32, 1))
})
