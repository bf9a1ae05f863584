import type { InspectionRecord } from '../protocol'

/** When a community was last visited: by anybody, as far as this tablet knows. */
export interface Visit {
  at: string
  worker: string
  checklist: string
}

/** The last visit of each community. A correction tells of the same visit as what it corrects. */
export function lastVisits(inspections: readonly InspectionRecord[]): Map<string, Visit> {
  const last = new Map<string, Visit>()
  for (const one of inspections) {
    const at = one.finished_at ?? one.started_at ?? one.received_at
    const known = last.get(one.community_id)
    if (at && (!known || known.at < at)) last.set(one.community_id, { at, worker: one.worker.name, checklist: one.checklist })
  }
  return last
}
