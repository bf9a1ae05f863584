import type { CaseRecord, CommandName, Commands, Location, PhotoRole } from '../protocol'

/** What a tablet can do with a case; the names stand in addresses. */
export const DEEDS = {
  check: 'case.check',
  verify: 'case.verify',
  accept: 'case.accept',
  claim: 'case.claim_fixed',
  reopen: 'case.reopen',
  refusal: 'case.record_refusal',
  dissuaded: 'case.report_dissuaded',
  photos: 'photo.attach',
  note: 'case.note',
} as const satisfies Record<string, CommandName>
export type Deed = keyof typeof DEEDS

const OPEN = ['reported', 'verifying', 'filed', 'dispatched', 'in_progress', 'suspended', 'closeout_requested', 'checking', 'check_passed']
const IN: Record<Deed, readonly string[]> = {
  check: ['checking'],
  verify: ['verifying'],
  accept: ['dispatched'],
  claim: ['in_progress'],
  reopen: ['closed'],
  refusal: OPEN,
  dissuaded: OPEN,
  photos: OPEN,
  note: OPEN,
}

export function isDeed(name: string): name is Deed {
  return name in DEEDS
}

/** Whether the state takes this step, and the step is the person's: a check is his whom the desk named. */
export function mayDo(deed: Deed, one: CaseRecord, person: { user_id: string; rights: readonly string[] }): boolean {
  if (!person.rights.includes(DEEDS[deed]) || !IN[deed].includes(one.state)) return false
  return deed !== 'check' || one.checker_id === null || one.checker_id === person.user_id
}

/** The steps that are open now, the most pressing first. */
export function deedsOf(one: CaseRecord, person: { user_id: string; rights: readonly string[] }): Deed[] {
  return (Object.keys(DEEDS) as Deed[]).filter((deed) => mayDo(deed, one, person))
}

/** What a worker filled in for a step; all of it at once, each step uses its own part. */
export interface Filled {
  passed: boolean | null
  finding: 'true' | 'false' | 'not_found' | null
  words: string
  paid_by: string | null
  /** What late photos show. */
  role: PhotoRole
  photos: string[]
}

export const NOTHING: Filled = { passed: null, finding: null, words: '', paid_by: null, role: 'before', photos: [] }

export type Lack = 'choice' | 'words' | 'photos' | 'place'

/** What is still missing before a step can be handed in. */
export function lacks(deed: Deed, filled: Filled, place: Location | null): Lack[] {
  const lack: Lack[] = []
  if (deed === 'check' && filled.passed === null) lack.push('choice')
  if (deed === 'verify' && filled.finding === null) lack.push('choice')
  const wordsNeeded = deed === 'claim' || deed === 'note' || (deed === 'check' && filled.passed === false)
  if (wordsNeeded && !filled.words.trim()) lack.push('words')
  if (!['note', 'accept'].includes(deed) && filled.photos.length === 0) lack.push('photos')
  if ((deed === 'check' || deed === 'verify') && !place) lack.push('place')
  return lack
}

/** The data of the command; raises nothing once `lacks` is empty. */
export function dataOf(deed: Deed, filled: Filled, place: Location | null): Commands[(typeof DEEDS)[Deed]] {
  const words = filled.words.trim()
  const photos = filled.photos
  switch (deed) {
    case 'check':
      return { passed: filled.passed!, photos, location: place!, ...(words && { reason: words }) }
    case 'verify':
      return { finding: filled.finding!, photos, location: place! }
    case 'claim':
      return { done: words, photos, location: place, ...(filled.paid_by && { paid_by: filled.paid_by }) }
    case 'reopen':
      return { photos, location: place, ...(words && { reason: words }) }
    case 'refusal':
    case 'dissuaded':
      return { photos, ...(words && { note: words }) }
    case 'photos':
      return { photos: photos.map((sha256) => ({ sha256, role: filled.role })) }
    case 'note':
      return { text: words, photos }
    case 'accept':
      return {}
  }
}
