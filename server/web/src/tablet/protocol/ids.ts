let last_ms = 0
let counter = 0

/** A UUIDv7: rises within this page even when the clock stands still or is set back. */
export function uuid7(now_ms = Date.now()): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  if (now_ms > last_ms) {
    last_ms = now_ms
    counter = ((bytes[6]! & 0x07) << 8) | bytes[7]! // the upper half stays free to count into
  } else if (++counter > 0xfff) {
    counter = 0
    last_ms++
  }
  for (let at = 0; at < 6; at++) bytes[at] = Math.floor(last_ms / 2 ** (8 * (5 - at))) & 0xff
  bytes[6] = 0x70 | (counter >> 8)
  bytes[7] = counter & 0xff
  bytes[8] = 0x80 | (bytes[8]! & 0x3f)
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
