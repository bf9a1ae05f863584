import { describe, expect, it } from 'vitest'
import { takenAt } from './exif'
import { heicExif, isHeic, isWhole } from './heif'

type Bytes = Uint8Array<ArrayBuffer>
const bytes = (words: string): Bytes => Uint8Array.from(words, (sign) => sign.charCodeAt(0))
const joined = (...parts: Bytes[]): Bytes => Uint8Array.from(parts.flatMap((part) => [...part]))

function box(type: string, content: Bytes = bytes(''), size = content.length + 8): Bytes {
  const head = new Uint8Array(8)
  new DataView(head.buffer).setUint32(0, size)
  head.set(bytes(type), 4)
  return joined(head, content)
}
/** A box whose length is written in eight bytes. */
function longBox(type: string, content: Bytes): Bytes {
  const length = new Uint8Array(8)
  new DataView(length.buffer).setBigUint64(0, BigInt(content.length + 16))
  return joined(box(type, length, 1), content)
}
const ftyp = (brand: string, ...others: string[]) => box('ftyp', bytes(`${brand}\0\0\0\0${others.join('')}`))
const META = box('meta', joined(bytes('\0\0\0\0'), box('hdlr', bytes('pict')), box('iinf')))
const PICTURE = bytes('picture '.repeat(20))

describe('a HEIC file', () => {
  it.each([
    ['of the common brand', ftyp('heic'), true],
    ['of a burst', ftyp('hevc'), true],
    ['of another brand that says it agrees', ftyp('abcd', 'mif1', 'heix'), true],
    ['that is a film', ftyp('mp42', 'isom'), false],
    ['that is something else', bytes('no picture at all'), false],
    ['that is empty', bytes(''), false],
  ])('%s is known by its brands', (_, head, known) => {
    expect(isHeic(head)).toBe(known)
  })

  it.each([
    ['whole', joined(ftyp('heic'), META, box('mdat', PICTURE)), true],
    ['whole, with what tells of it behind the picture', joined(ftyp('heic'), box('mdat', PICTURE), META), true],
    ['whole, with a long length', joined(ftyp('heic'), META, longBox('mdat', PICTURE)), true],
    ['whole, its last box open to the end', joined(ftyp('heic'), META, box('mdat', PICTURE, 0)), true],
    ['cut in the picture', joined(ftyp('heic'), META, box('mdat', PICTURE)).slice(0, -9), false],
    ['cut before what tells of the picture', joined(ftyp('heic'), box('mdat', PICTURE)), false],
    ['cut in a head', joined(ftyp('heic'), META, bytes('\0\0')), false],
    ['with a box of no size', joined(ftyp('heic'), META, box('mdat', PICTURE, 3)), false],
    ['damaged inside', joined(ftyp('heic'), box('meta', joined(bytes('\0\0\0\0'), box('hdlr', bytes('pict'), 9000))), box('mdat', PICTURE)), false],
    ['empty', bytes(''), false],
  ])('that is %s is told to be so', async (_, file, whole) => {
    expect(await isWhole(new Blob([file]))).toBe(whole)
  })

  it('says when it was taken, wherever in the file that stands', () => {
    const tiff = new Uint8Array(64)
    const view = new DataView(tiff.buffer)
    tiff.set(bytes('MM\0*'))
    view.setUint32(4, 8)
    view.setUint16(8, 1)
    view.setUint16(10, 0x9003)
    view.setUint16(12, 2)
    view.setUint32(14, 20)
    view.setUint32(18, 40)
    tiff.set(bytes('2026:11:22 09:30:00'), 40)
    const file = joined(ftyp('heic'), bytes('infe\0Exif\0\0\0'), PICTURE, bytes('Exif\0\0'), tiff)

    expect(takenAt(heicExif(file)!)).toBe('2026-11-22T01:30:00.000Z')
    expect(heicExif(joined(ftyp('heic'), bytes('infe\0Exif\0\0\0')))).toBeNull()
  })
})
