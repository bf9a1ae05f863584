import { describe, expect, it } from 'vitest'
import { exifSegment, takenAt, withExif } from './exif'
import { kindOf } from './pictures'

const ASCII = 2
const SHORT = 3
const LONG = 4

/** A JPEG's head with an EXIF segment: orientation in the first directory, the time in the inner one. */
function aPhoto({ little = true, taken = '2026:11:22 09:30:00', offset = '' } = {}): Uint8Array<ArrayBuffer> {
  const inner = 8 + 2 + 2 * 12 + 4
  const words = inner + 2 + (offset ? 2 : 1) * 12 + 4
  const tiff = new Uint8Array(words + 20 + (offset ? 7 : 0))
  const view = new DataView(tiff.buffer)
  tiff.set(text(little ? 'II' : 'MM'))
  view.setUint16(2, 42, little)
  view.setUint32(4, 8, little)
  const entry = (at: number, tag: number, kind: number, count: number, value: number) => {
    view.setUint16(at, tag, little)
    view.setUint16(at + 2, kind, little)
    view.setUint32(at + 4, count, little)
    if (kind === SHORT) view.setUint16(at + 8, value, little)
    else view.setUint32(at + 8, value, little)
  }
  view.setUint16(8, 2, little)
  entry(10, 0x0112, SHORT, 1, 6)
  entry(22, 0x8769, LONG, 1, inner)
  view.setUint16(inner, offset ? 2 : 1, little)
  entry(inner + 2, 0x9003, ASCII, 20, words)
  if (offset) entry(inner + 14, 0x9011, ASCII, 7, words + 20)
  tiff.set(text(taken), words)
  tiff.set(text(offset), words + 20)
  const length = 2 + 6 + tiff.length
  return Uint8Array.from([0xff, 0xd8, 0xff, 0xe1, length >> 8, length & 255, ...text('Exif\0\0'), ...tiff, 0xff, 0xda])
}

function text(word: string): number[] {
  return Array.from(word, (sign) => sign.charCodeAt(0))
}

describe('EXIF', () => {
  it.each([true, false])('tells when a photo was taken, by Shanghai’s time (little end first: %s)', (little) => {
    expect(takenAt(exifSegment(aPhoto({ little }))!)).toBe('2026-11-22T01:30:00.000Z')
  })

  it('tells it by the photo’s own zone where it names one', () => {
    expect(takenAt(exifSegment(aPhoto({ offset: '+09:00' }))!)).toBe('2026-11-22T00:30:00.000Z')
  })

  it('is carried into the shrunk photo, told as upright', async () => {
    const segment = exifSegment(aPhoto())! as Uint8Array<ArrayBuffer>
    const shrunk = withExif(new Blob([new Uint8Array([0xff, 0xd8, 0xff, 0xdb, 0, 4, 1, 2])], { type: 'image/jpeg' }), segment)
    const bytes = new Uint8Array(await shrunk.arrayBuffer())
    const carried = exifSegment(bytes)!
    expect(takenAt(carried)).toBe('2026-11-22T01:30:00.000Z')
    expect(new DataView(carried.buffer).getUint16(10 + 18, true)).toBe(1)
    expect([...bytes.slice(-6)]).toEqual([0xff, 0xdb, 0, 4, 1, 2])
  })

  it.each([['nothing', new Uint8Array()], ['no JPEG', Uint8Array.from(text('\x89PNG\r\n\x1a\n'))], ['cut', aPhoto().slice(0, 40)]])(
    'is not found in %s',
    (_, bytes) => expect(exifSegment(bytes)).toBeNull(),
  )

  it('does not stumble over nonsense', () => {
    const bytes = aPhoto({ taken: 'yesterday' })
    expect(takenAt(exifSegment(bytes)!)).toBeNull()
    for (let at = 6; at < bytes.length; at++) {
      const broken = bytes.slice()
      broken[at] = 0xff
      const segment = exifSegment(broken)
      expect(() => segment && takenAt(segment)).not.toThrow()
    }
  })
})

describe('a file', () => {
  it.each([
    ['image/jpeg', '\xff\xd8\xff\xe0'],
    ['image/png', '\x89PNG\r\n\x1a\n'],
    ['image/webp', 'RIFF1234WEBP'],
    ['image/heic', '\0\0\0\x18ftypheic'],
  ])('is known as %s by its first bytes', (kind, head) => expect(kindOf(Uint8Array.from(text(head)))).toBe(kind))

  it('of another kind is not', () => expect(kindOf(Uint8Array.from(text('GIF89a')))).toBeNull())
})
