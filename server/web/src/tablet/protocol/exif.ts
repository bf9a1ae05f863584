/** What a JPEG says of itself in its EXIF segment. */

const SOI = 0xffd8
const APP1 = 0xffe1
const SOS = 0xffda
const EXIF = 'Exif\0\0'
const ORIENTATION = 0x0112
const EXIF_IFD = 0x8769
const TAKEN_AT = 0x9003
const TAKEN_OFFSET = 0x9011
const SHANGHAI = '+08:00'
/** Segments before the picture seldom have more. */
export const HEAD_BYTES = 256 * 1024

/** The whole EXIF segment (marker and length included) of a JPEG's first bytes; null when there is none. */
export function exifSegment(head: Uint8Array): Uint8Array | null {
  const view = viewOf(head)
  if (view.byteLength < 4 || view.getUint16(0) !== SOI) return null
  for (let at = 2; at + 4 <= view.byteLength; ) {
    const marker = view.getUint16(at)
    const length = view.getUint16(at + 2)
    if (marker >> 8 !== 0xff || marker === SOS) return null
    const end = at + 2 + length
    if (marker === APP1 && end <= view.byteLength && text(head, at + 4, EXIF.length) === EXIF) return head.slice(at, end)
    at = end
  }
  return null
}

/** When the picture was taken, as an instant; clocks of cameras without a zone show Shanghai's time. */
export function takenAt(segment: Uint8Array): string | null {
  const fields = fieldsOf(segment)
  const taken = fields.get(TAKEN_AT)
  if (!taken) return null
  const [day, hour] = textAt(segment, taken).split(' ')
  const offset = fields.get(TAKEN_OFFSET)
  const zone = offset ? textAt(segment, offset) : SHANGHAI
  const moment = new Date(`${day?.replaceAll(':', '-')}T${hour}${/^[+-]\d\d:\d\d$/.test(zone) ? zone : SHANGHAI}`)
  return Number.isNaN(moment.getTime()) ? null : moment.toISOString()
}

/** A JPEG with this EXIF segment, told as upright: a browser turns what it draws. */
export function withExif(jpeg: Blob, segment: Uint8Array<ArrayBuffer>): Blob {
  const upright = segment.slice()
  const orientation = fieldsOf(upright).get(ORIENTATION)
  if (orientation) viewOf(upright).setUint16(orientation.value, 1, orientation.little)
  return new Blob([new Uint8Array([0xff, 0xd8]), upright, jpeg.slice(2)], { type: jpeg.type })
}

/** Where the value of a field stands in the segment. */
interface Field {
  value: number
  count: number
  little: boolean
}

const TIFF = 4 + EXIF.length
const SIZES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8]

function fieldsOf(segment: Uint8Array): Map<number, Field> {
  const found = new Map<number, Field>()
  const view = viewOf(segment)
  if (view.byteLength < TIFF + 8) return found
  const little = text(segment, TIFF, 2) === 'II'
  const read = (at: number) => {
    if (TIFF + at + 2 > view.byteLength) return
    const entries = view.getUint16(TIFF + at, little)
    for (let n = 0, entry = TIFF + at + 2; n < entries && entry + 12 <= view.byteLength; n++, entry += 12) {
      const [tag, kind] = [view.getUint16(entry, little), view.getUint16(entry + 2, little)]
      const count = view.getUint32(entry + 4, little)
      const size = (SIZES[kind] ?? 0) * count
      const value = size <= 4 ? entry + 8 : TIFF + view.getUint32(entry + 8, little)
      if (value + size <= view.byteLength && !found.has(tag)) found.set(tag, { value, count, little })
    }
  }
  read(view.getUint32(TIFF + 4, little))
  const inner = found.get(EXIF_IFD)
  if (inner) read(view.getUint32(inner.value, little))
  return found
}

function textAt(segment: Uint8Array, field: Field): string {
  return text(segment, field.value, field.count).replace(/\0.*$/s, '').trim()
}

function text(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length))
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
