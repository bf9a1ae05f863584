import { describe, expect, it } from 'vitest'
import { drawnPassword } from './people'

describe('a first password', () => {
  it('is three groups of four letters that nobody mistakes', () => {
    const drawn = drawnPassword(Uint8Array.from({ length: 12 }, (_, at) => at * 21))

    expect(drawn).toMatch(/^[a-hj-km-np-z2-9]{4}(-[a-hj-km-np-z2-9]{4}){2}$/)
    expect(drawn).not.toMatch(/[01ilo]/)
  })
})
