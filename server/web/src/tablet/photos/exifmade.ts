import type { Place } from '../checklist/model'

/** A photo's EXIF segment (APP1, with its marker and length), as bytes. */
export type Segment = Uint8Array

type Field = { tag: number; type: number; count: number; bytes: number[] }
const ASCII = 2
const LONG = 4
const RATIONAL = 5
const OFFSET_MS = 8 * 3_600_000

/**
 * An EXIF segment that says when and where a photo was taken, for pictures of the viewfinder, which carry none.
 * The time is the county's, with its offset; the place is written only when it is WGS 84.
 */
export function exifMade(takenAt: Date, place: Place | null): Segment {
  const local = new Date(takenAt.getTime() + OFFSET_MS).toISOString()
  const taken = `${local.slice(0, 10).replaceAll('-', ':')} ${local.slice(11, 19)}`
  const gps = place && (place.datum ?? 'wgs84') === 'wgs84' ? gpsOf(place) : []
  const inner = [text(0x9003, taken), text(0x9011, '+08:00')]
  const pointers = gps.length > 0 ? 2 : 1
  const innerAt = 8 + 2 + (pointers + 1) * 12 + 4 + 20
  const innerBytes = directory(inner, innerAt)
  const gpsAt = innerAt + innerBytes.length
  const first = [text(0x0132, taken), long(0x8769, innerAt), ...(gps.length > 0 ? [long(0x8825, gpsAt)] : [])]
  const tiff = [...head(), ...padded(directory(first, 8), innerAt - 8), ...innerBytes, ...(gps.length > 0 ? directory(gps, gpsAt) : [])]
  const size = 2 + 6 + tiff.length
  return Uint8Array.from([0xff, 0xe1, size >> 8, size & 0xff, 0x45, 0x78, 0x69, 0x66, 0, 0, ...tiff])
}

/** A JPEG as a canvas writes it, with an EXIF segment put first. */
export function withExif(jpeg: Uint8Array, segment: Segment): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(jpeg.length + segment.length)
  whole.set(jpeg.subarray(0, 2))
  whole.set(segment, 2)
  whole.set(jpeg.subarray(2), 2 + segment.length)
  return whole
}

function head(): number[] {
  return [0x4d, 0x4d, 0, 42, 0, 0, 0, 8]
}

function gpsOf({ lon, lat }: Place): Field[] {
  return [
    { tag: 0, type: 1, count: 4, bytes: [2, 3, 0, 0] },
    text(1, lat < 0 ? 'S' : 'N'),
    { tag: 2, type: RATIONAL, count: 3, bytes: degrees(Math.abs(lat)) },
    text(3, lon < 0 ? 'W' : 'E'),
    { tag: 4, type: RATIONAL, count: 3, bytes: degrees(Math.abs(lon)) },
    text(18, 'WGS-84'),
  ]
}

/** Degrees, minutes and ten-thousandths of seconds: 3 mm of latitude. */
function degrees(value: number): number[] {
  const seconds = Math.round(value * 3600 * 10_000)
  const [whole, minutes, rest] = [Math.floor(seconds / 36_000_000), Math.floor((seconds % 36_000_000) / 600_000), seconds % 600_000]
  return [...u32(whole), ...u32(1), ...u32(minutes), ...u32(1), ...u32(rest), ...u32(10_000)]
}

function text(tag: number, value: string): Field {
  const bytes = [...value].map((letter) => letter.charCodeAt(0))
  return { tag, type: ASCII, count: bytes.length + 1, bytes: [...bytes, 0] }
}

function long(tag: number, value: number): Field {
  return { tag, type: LONG, count: 1, bytes: u32(value) }
}

/** A directory with what does not fit into its fields behind it; `at` is where it stands in the TIFF. */
function directory(fields: Field[], at: number): number[] {
  const out = u16(fields.length)
  const beyond: number[] = []
  const beyondAt = at + 2 + fields.length * 12 + 4
  for (const field of fields) {
    out.push(...u16(field.tag), ...u16(field.type), ...u32(field.count))
    if (field.bytes.length <= 4) out.push(...padded(field.bytes, 4))
    else {
      out.push(...u32(beyondAt + beyond.length))
      beyond.push(...field.bytes)
      if (beyond.length % 2) beyond.push(0)
    }
  }
  return [...out, ...u32(0), ...beyond]
}

function padded(bytes: number[], length: number): number[] {
  return [...bytes, ...Array<number>(Math.max(0, length - bytes.length)).fill(0)]
}

function u16(value: number): number[] {
  return [(value >> 8) & 0xff, value & 0xff]
}

function u32(value: number): number[] {
  return [(value >>> 24) & 0xff, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff]
}
