import type { Invitation } from './contract'
import { NoCode } from './errors'

const ENROL = 'enrol'
const CODE = /^[2-9A-HJKMNP-Z]{12}$/

/** What the office's QR code holds for a code: an address that also opens the tablet's page by itself. */
export function invitationUrl(server: string, code: string): string {
  return `${new URL(server).origin}/tablet/#${ENROL}=${code}`
}

/** Read what was scanned or typed: the address of a QR code, or a code in any spelling. Raises NoCode. */
export function readInvitation(scanned: string): Invitation {
  const text = scanned.trim()
  const url = /^https?:\/\//i.test(text) && URL.canParse(text) ? new URL(text) : null
  const told = url ? (new URLSearchParams(url.hash.slice(1)).get(ENROL) ?? '') : text
  const code = told.toUpperCase().replace(/[^0-9A-Z]/g, '')
  if (!CODE.test(code)) throw new NoCode('no enrolment code')
  return { code: code.replace(/(.{4})(?=.)/g, '$1-'), server: url ? url.origin : null }
}
