import type { Case, PhotoClaim } from '@/shared/types'

/** One way to merge two cases: which stays, which goes into it. */
export interface Merge {
  keeps: 'here' | 'other'
  gone: Case
  kept: Case
}

const MOST_SHOWN = 2

/** The ways in which two open cases may be merged by this reader: only a report goes into the other one. */
export function mergesOf(here: Case, other: Case): Merge[] {
  const ways: Merge[] = [
    { keeps: 'other', gone: here, kept: other },
    { keeps: 'here', gone: other, kept: here },
  ]
  return ways.filter((way) => way.gone.commands?.includes('case.merge') && !way.kept.ended_at)
}

/** What a case looked like before, as far as photos have arrived. */
export function beforePhotos(kase: Case): PhotoClaim[] {
  return (kase.photos ?? []).filter((photo) => photo.role === 'before' && photo.received !== false).slice(0, MOST_SHOWN)
}
