import { describe, expect, it } from 'vitest'
import { cornersOf, crosses, areaOfM2 } from '../inspect/shape'
import { attributesOf, tidiedAttributes, withAttribute } from './attributes'
import { changed, editOf, faultOf, ruleOf, valuesOf } from './fields'

const SQUARE = {
  type: 'Polygon' as const,
  coordinates: [
    [
      [117.27, 35.65],
      [117.272, 35.65],
      [117.272, 35.652],
      [117.27, 35.652],
      [117.27, 35.65],
    ],
  ],
}

describe('what is asked of a facility', () => {
  it.each([
    ['lift', {}, ['stops', 'inspection_due_on', 'maintainer', 'remark']],
    ['other', {}, ['remark']],
    ['a_kind_of_tomorrow', { colour: 'red', floors: 3 }, ['remark', 'colour', 'floors']],
  ])('of the kind %s, with %j written of it: %j', (kind, held, codes) => {
    expect(attributesOf(kind, held).map((one) => one.code)).toEqual(codes)
  })

  it('keeps what it does not ask for, in its place and of its kind', () => {
    const held = { colour: 'red', stops: 11, fenced: false }

    expect(attributesOf('lift', held).filter((one) => ['colour', 'fenced'].includes(one.code))).toEqual([
      { code: 'colour', asked: 'line' },
      { code: 'fenced', asked: 'flag' },
    ])
    expect(withAttribute(held, 'stops', 12)).toEqual({ colour: 'red', stops: 12, fenced: false })
  })

  it('takes an emptied fact out and leaves no blanks', () => {
    expect(withAttribute({ remark: 'x', stops: 2 }, 'remark', undefined)).toEqual({ stops: 2 })
    expect(tidiedAttributes({ remark: ' 东侧 ', maintainer: '  ', stops: 2 })).toEqual({ remark: '东侧', stops: 2 })
  })
})

describe('an edit of facts', () => {
  const lift = { kind: 'lift', name: '1号梯', registration_code: null, attributes: { stops: 11, colour: 'red' }, lon: 117.27, lat: 35.65 }

  it('does not count another order of the same facts as a change', () => {
    const seen = valuesOf('facility', lift)
    expect(changed(seen, { ...seen, attributes: { colour: 'red', stops: 11 } })).toEqual([])
  })

  it('tells the facts that differ, as they were seen and as they are to stand', () => {
    const seen = valuesOf('facility', lift)
    const { fields } = editOf(seen, { ...seen, attributes: { ...lift.attributes, maintainer: ' 泗水电梯 ' } })
    expect(fields).toEqual({ attributes: { old: {}, new: { maintainer: '泗水电梯' } } })
  })
})

describe('an outline', () => {
  it.each([
    ['a square', [[0, 0], [2, 0], [2, 2], [0, 2]], false],
    ['a triangle', [[0, 0], [2, 0], [1, 2]], false],
    ['a yard open to one side', [[0, 0], [4, 0], [4, 2], [3, 2], [3, 1], [1, 1], [1, 2], [0, 2]], false],
    ['a bow', [[0, 0], [2, 2], [2, 0], [0, 2]], true],
    ['a line there and back', [[0, 0], [2, 0], [1, 0], [0, 1]], true],
  ])('that is %s crosses itself: %s', (_, corners, crossing) => {
    expect(crosses(corners.map(([x = 0, y = 0]) => ({ lon: 117 + x / 1000, lat: 35 + y / 1000 })))).toBe(crossing)
  })

  it('is refused beforehand where the server would refuse it', () => {
    const bow = { ...SQUARE, coordinates: [[[117.27, 35.65], [117.272, 35.652], [117.272, 35.65], [117.27, 35.652], [117.27, 35.65]]] }
    expect(faultOf(ruleOf('community', 'geometry'), SQUARE)).toBeNull()
    expect(faultOf(ruleOf('community', 'geometry'), bow)).toBe('crossing')
    expect(cornersOf(SQUARE)).toHaveLength(4)
  })

  it('has the area of its parts without their holes', () => {
    const { coordinates } = SQUARE
    const once = areaOfM2(SQUARE)
    expect(once).toBeGreaterThan(39_000)
    expect(once).toBeLessThan(41_000)
    expect(areaOfM2({ type: 'MultiPolygon', coordinates: [coordinates, coordinates] })).toBeCloseTo(2 * once)
    expect(areaOfM2({ type: 'Polygon', coordinates: [coordinates[0]!, coordinates[0]!] })).toBeCloseTo(0)
    expect(areaOfM2({ type: 'Point', coordinates: [117.27, 35.65] })).toBe(0)
  })
})
