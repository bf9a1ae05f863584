import { expect, it } from 'vitest'
import { exifMade, withExif } from './exifmade'

const AT = new Date('2026-11-22T00:14:03Z')
const text = (bytes: Uint8Array) => String.fromCharCode(...bytes)

it('writes the county’s time and the place into a segment of the length it says', () => {
  const segment = exifMade(AT, { lon: 117.2736, lat: 35.6571 })
  const view = new DataView(segment.buffer)

  expect(view.getUint16(0)).toBe(0xffe1)
  expect(view.getUint16(2)).toBe(segment.length - 2)
  expect(text(segment)).toContain('2026:11:22 08:14:03')
  expect(text(segment)).toContain('+08:00')
  expect(text(segment)).toContain('WGS-84')
})

it('writes no place that is unknown, or of another datum', () => {
  expect(text(exifMade(AT, null))).not.toContain('WGS-84')
  expect(text(exifMade(AT, { lon: 117.27, lat: 35.65, datum: 'gcj02' }))).not.toContain('WGS-84')
})

it('stands right behind the start of the picture', () => {
  const jpeg = Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, 1, 2])
  const segment = exifMade(AT, null)
  const whole = withExif(jpeg, segment)

  expect([...whole.subarray(0, 4)]).toEqual([0xff, 0xd8, 0xff, 0xe1])
  expect([...whole.subarray(2 + segment.length)]).toEqual([0xff, 0xe0, 1, 2])
})
