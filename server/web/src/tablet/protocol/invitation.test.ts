import { describe, expect, it } from 'vitest'
import { NoCode } from './errors'
import { invitationUrl, readInvitation } from './invitation'

describe('an invitation', () => {
  it('is read from the address of a QR code, with the server it is of', () => {
    const url = invitationUrl('https://wangge.example:8443/admin/devices', '23AB-CDEF-GHJK')
    expect(url).toBe('https://wangge.example:8443/tablet/#enrol=23AB-CDEF-GHJK')
    expect(readInvitation(url)).toEqual({ code: '23AB-CDEF-GHJK', server: 'https://wangge.example:8443' })
  })

  it.each(['23ab-cdef-ghjk', ' 23ABCDEFGHJK ', '23AB CDEF GHJK', '23AB—CDEF—GHJK'])('is read from %s', (typed) => {
    expect(readInvitation(typed)).toEqual({ code: '23AB-CDEF-GHJK', server: null })
  })

  it.each(['', '23AB-CDEF', '23AB-CDEF-GHJ0', 'https://wangge.example/tablet/', 'http://'])('is not in %j', (typed) => {
    expect(() => readInvitation(typed)).toThrow(NoCode)
  })
})
