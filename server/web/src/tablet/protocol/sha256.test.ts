import { createHash, randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { uuid7 } from './ids'
import { Sha256, hex, sha256Of } from './sha256'

const LENGTHS = [0, 1, 3, 54, 55, 56, 57, 63, 64, 65, 119, 120, 127, 128, 1000, 65_537]

describe('SHA-256', () => {
  it.each(LENGTHS)('of %i bytes is the one of another maker', (length) => {
    const bytes = randomBytes(length)
    expect(hex(new Sha256().update(bytes).digest())).toBe(createHash('sha256').update(bytes).digest('hex'))
  })

  it('does not depend on the pieces', () => {
    const bytes = randomBytes(1000)
    for (const size of [1, 7, 63, 64, 65, 333]) {
      const hash = new Sha256()
      for (let at = 0; at < bytes.length; at += size) hash.update(bytes.subarray(at, at + size))
      expect(hex(hash.digest())).toBe(createHash('sha256').update(bytes).digest('hex'))
    }
  })

  it('reads a blob', async () => {
    const bytes = randomBytes(2_500_000)
    expect(await sha256Of(new Blob([bytes]))).toBe(createHash('sha256').update(bytes).digest('hex'))
  })
})

describe('a UUIDv7', () => {
  it('has its version, variant and time', () => {
    const id = uuid7(0x0198_1234_5678)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(uuid7(Date.now()).startsWith(Date.now().toString(16).padStart(12, '0').slice(0, 8))).toBe(true)
  })

  it('rises, also while the clock stands still or goes back', () => {
    const ids = Array.from({ length: 10_000 }, (_, index) => uuid7(Date.now() - (index % 7) * 1000))
    expect([...ids].sort()).toEqual(ids)
    expect(new Set(ids).size).toBe(ids.length)
  })
})
