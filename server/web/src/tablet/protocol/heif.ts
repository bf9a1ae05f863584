/** What can be known of a HEIC photo without a decoder of it: browsers on most tablets have none. */

const BOX_BYTES = 8
const LONG_BOX_BYTES = 16
/** The version and flags that stand before the boxes inside a `meta` box. */
const META_HEAD_BYTES = 4
const EXIF = 'Exif\0\0'
/** A JPEG's segment is not longer, and the fields that are read stand at the beginning. */
const SEGMENT_BYTES = 0xffff
const BRANDS = ['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'mif1', 'msf1']

/** Whether the first bytes are of a HEIC file, by its own brand or one that it says it agrees with. */
export function isHeic(head: Uint8Array): boolean {
  if (head.length < 12 || text(head, 4, 8) !== 'ftyp') return false
  const end = Math.min(viewOf(head).getUint32(0), head.length, 64)
  const brands = [text(head, 8, 12)]
  for (let at = 16; at + 4 <= end; at += 4) brands.push(text(head, at, at + 4))
  return brands.some((brand) => BRANDS.includes(brand))
}

/** Whether a file's boxes end where the file ends and one of them tells of a picture: not so when a piece is missing. */
export async function isWhole(file: Blob): Promise<boolean> {
  const boxes = await boxesOf(file, 0, file.size)
  const meta = boxes?.find((box) => box.type === 'meta')
  return meta !== undefined && (await boxesOf(file, meta.from + META_HEAD_BYTES, meta.to)) !== null
}

/** The EXIF of a HEIC photo, as the segment that a JPEG would have; null when there is none. */
export function heicExif(bytes: Uint8Array): Uint8Array | null {
  for (let at = bytes.indexOf(0x45); at >= 0; at = bytes.indexOf(0x45, at + 1)) {
    if (text(bytes, at, at + EXIF.length) !== EXIF) continue
    if (!['II*\0', 'MM\0*'].includes(text(bytes, at + EXIF.length, at + EXIF.length + 4))) continue // a name in a table
    const segment = bytes.subarray(at, at + SEGMENT_BYTES - 2)
    const size = segment.length + 2
    return Uint8Array.from([0xff, 0xe1, size >> 8, size & 0xff, ...segment])
  }
  return null
}

interface Box {
  type: string
  from: number
  to: number
}

/** The boxes between two places; null when they do not fill it to the byte. */
async function boxesOf(file: Blob, from: number, to: number): Promise<Box[] | null> {
  const boxes: Box[] = []
  let at = from
  while (at < to) {
    const head = new Uint8Array(await file.slice(at, Math.min(at + LONG_BOX_BYTES, to)).arrayBuffer())
    if (head.length < BOX_BYTES) return null
    const view = viewOf(head)
    const short = view.getUint32(0)
    const long = short === 1 && head.length >= LONG_BOX_BYTES
    const size = long ? Number(view.getBigUint64(BOX_BYTES)) : short === 0 ? to - at : short
    const inside = long ? LONG_BOX_BYTES : BOX_BYTES
    if (size < inside || at + size > to) return null
    boxes.push({ type: text(head, 4, 8), from: at + inside, to: at + size })
    at += size
  }
  return boxes
}

function text(bytes: Uint8Array, from: number, to: number): string {
  return String.fromCharCode(...bytes.subarray(from, to))
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
