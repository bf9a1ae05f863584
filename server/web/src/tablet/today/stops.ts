import { daysBetween } from '../checklist/days'
import { localDay } from '../checklist/workcalendar'
import { isOpen, signalOf, type Signal } from '../cases/signal'
import { metresTo, middleOf, type LonLat } from '../device/geo'
import type { CaseRecord, CommunityRecord, InspectionRecord } from '../protocol'
import type { Stop } from './order'
import { lastVisits, type Visit } from './visits'

/** A community with what a worker wants to know before he goes there. */
export interface CommunityStop extends Stop {
  community: CommunityRecord
  visit: Visit | null
  open: number
  worst: Signal
  /** Metres to its edge, 0 inside; null without a position. */
  metres: number | null
}

const RANK: Record<Signal, number> = { none: 0, green: 1, yellow: 2, red: 3 }

interface Sum {
  open: number
  worst: Signal
}
const NONE: Sum = { open: 0, worst: 'none' }

/** The communities with visits, open cases and distance; in no order yet. */
export function stopsOf(
  communities: readonly CommunityRecord[],
  cases: readonly CaseRecord[],
  inspections: readonly InspectionRecord[],
  from: LonLat | null,
  now: number,
): CommunityStop[] {
  const visits = lastVisits(inspections)
  const sums = sumsOf(cases, now)
  const today = localDay(now)
  return communities.map((community) => {
    const { open, worst } = sums.get(community.community_id) ?? NONE
    const visit = visits.get(community.community_id) ?? null
    return {
      community,
      community_id: community.community_id,
      place: middleOf(community.geometry),
      days: visit && daysBetween(localDay(Date.parse(visit.at)), today),
      urgent: worst === 'red',
      visit,
      open,
      worst,
      metres: from && metresTo(community.geometry, from),
    }
  })
}

/** The open cases of each community, counted in one walk: thousands of them must not hold the page up. */
function sumsOf(cases: readonly CaseRecord[], now: number): Map<string, Sum> {
  const sums = new Map<string, Sum>()
  for (const one of cases) {
    if (!isOpen(one)) continue
    const sum = sums.get(one.community_id) ?? { ...NONE }
    if (sum.open === 0) sums.set(one.community_id, sum)
    const signal = signalOf(one, now)
    sum.open++
    if (RANK[signal] > RANK[sum.worst]) sum.worst = signal
  }
  return sums
}
