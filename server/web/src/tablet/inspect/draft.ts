import { photosIn, withoutSkipped } from '../checklist/asked'
import type { Answers, Checklist, Place } from '../checklist/model'
import type { InspectionData, PhotoClaim } from '../protocol'

/** An inspection that is being made: everything a dead battery must not take away. */
export interface InspectionDraft {
  /** The whole checklist: an inspection ends with the version it began with, even when that is retired meanwhile. */
  document: Checklist
  community_id: string
  community_name: string
  started_at: string
  location: Place | null
  answers: Answers
  /** Photos taken in bursts that stand at no answer yet. */
  tray: string[]
  /** The item whose card is open. */
  at: string | null
  /** The inspection that this one corrects. */
  corrects: string | null
}

export const DRAFT_KIND = 'inspection'

export function newDraft(document: Checklist, community: { community_id: string; name: string }, now: string, location: Place | null): InspectionDraft {
  return {
    document,
    community_id: community.community_id,
    community_name: community.name,
    started_at: now,
    location,
    answers: {},
    tray: [],
    at: null,
    corrects: null,
  }
}

/** Every photo that a draft names. */
export function photosOfDraft(draft: InspectionDraft): string[] {
  return [...new Set([...photosIn(draft.answers), ...draft.tray])]
}

/** What is handed in of a draft: what a skip rule hides stays out, photos that stand nowhere come along as "other". */
export function handedIn(draft: InspectionDraft, now: string): InspectionData {
  const checklist = draft.document
  const answers = withoutSkipped(checklist, draft.answers)
  const named = new Set(photosIn(answers))
  const panoramas = new Set(checklist.items.filter((item) => item.type === 'photo').flatMap((item) => photosIn({ it: answers[item.code] ?? {} })))
  const claims: PhotoClaim[] = [...named].map((sha256) => ({ sha256, role: panoramas.has(sha256) ? 'panorama' : 'before' }))
  const loose: PhotoClaim[] = draft.tray.filter((sha256) => !named.has(sha256)).map((sha256) => ({ sha256, role: 'other' }))
  return {
    checklist: checklist.code,
    checklist_version: checklist.version,
    community_id: draft.community_id,
    location: draft.location as InspectionData['location'],
    started_at: draft.started_at,
    finished_at: now,
    answers: answers as InspectionData['answers'],
    photos: [...claims, ...loose],
  }
}

/** A draft with the answers that were handed in; `corrects` names the inspection when it stands already: then what
 * comes of it is a new fact. */
export function fromHandedIn(told: InspectionData, document: Checklist, community_name: string, corrects: string | null): InspectionDraft {
  const named = new Set(photosIn(told.answers as Answers))
  const listed = (told.photos ?? []).map((one) => (typeof one === 'string' ? one : one.sha256))
  return {
    document,
    community_id: told.community_id,
    community_name,
    started_at: told.started_at ?? new Date().toISOString(),
    location: (told.location ?? null) as Place | null,
    answers: told.answers as Answers,
    tray: listed.filter((sha256) => !named.has(sha256)),
    at: null,
    corrects,
  }
}
