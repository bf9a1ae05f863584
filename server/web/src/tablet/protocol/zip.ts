/** A ZIP archive of stored entries, put together without copying their bytes. */

const CRC = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  return value
})
const PIECE_BYTES = 1024 * 1024
const UTF8_NAMES = 0x0800
/** What fits without the extension for large files. */
export const MOST_BYTES = 0xfff00000

export interface Entry {
  name: string
  blob: Blob
}

export async function zipped(entries: Entry[], at: Date): Promise<Blob> {
  const parts: BlobPart[] = []
  const directory: BlobPart[] = []
  let offset = 0
  let directory_bytes = 0
  for (const { name, blob } of entries) {
    const facts = { name: new TextEncoder().encode(name), crc: await crcOf(blob), size: blob.size, offset, at }
    const [local, central] = [localHeader(facts), centralHeader(facts)]
    parts.push(local, blob)
    directory.push(central)
    offset += local.length + blob.size
    directory_bytes += central.length
  }
  return new Blob([...parts, ...directory, end(entries.length, directory_bytes, offset)], { type: 'application/zip' })
}

async function crcOf(blob: Blob): Promise<number> {
  let crc = 0xffffffff
  for (let at = 0; at < blob.size; at += PIECE_BYTES) {
    const bytes = new Uint8Array(await blob.slice(at, at + PIECE_BYTES).arrayBuffer())
    for (const byte of bytes) crc = CRC[(crc ^ byte) & 0xff]! ^ (crc >>> 8)
  }
  return (crc ^ 0xffffffff) >>> 0
}

interface Facts {
  name: Uint8Array
  crc: number
  size: number
  offset: number
  at: Date
}

type Field = [bytes: 2 | 4, value: number]

function localHeader(facts: Facts): Uint8Array<ArrayBuffer> {
  return block([[4, 0x04034b50], ...common(facts), [2, 0]], facts.name)
}

function centralHeader(facts: Facts): Uint8Array<ArrayBuffer> {
  const rest: Field[] = [[2, 0], [2, 0], [2, 0], [2, 0], [4, 0], [4, facts.offset]]
  return block([[4, 0x02014b50], [2, 20], ...common(facts), ...rest], facts.name)
}

function common({ name, crc, size, at }: Facts): Field[] {
  const time = (at.getHours() << 11) | (at.getMinutes() << 5) | (at.getSeconds() >> 1)
  const day = ((at.getFullYear() - 1980) << 9) | ((at.getMonth() + 1) << 5) | at.getDate()
  return [[2, 20], [2, UTF8_NAMES], [2, 0], [2, time], [2, day], [4, crc], [4, size], [4, size], [2, name.length]]
}

function end(entries: number, directory_bytes: number, offset: number): Uint8Array<ArrayBuffer> {
  return block([[4, 0x06054b50], [2, 0], [2, 0], [2, entries], [2, entries], [4, directory_bytes], [4, offset], [2, 0]])
}

function block(fields: Field[], name: Uint8Array = new Uint8Array()): Uint8Array<ArrayBuffer> {
  const size = fields.reduce((sum, [bytes]) => sum + bytes, 0)
  const found = new Uint8Array(size + name.length)
  const view = new DataView(found.buffer)
  let at = 0
  for (const [bytes, value] of fields) {
    if (bytes === 2) view.setUint16(at, value, true)
    else view.setUint32(at, value, true)
    at += bytes
  }
  found.set(name, at)
  return found
}
