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

const RANK: Signal[] = ['none', 'green', 'yellow', 'red']

/** The communities with visits, open cases and distance; in no order yet. */
export function stopsOf(
  communities: readonly CommunityRecord[],
  cases: readonly CaseRecord[],
  inspections: readonly InspectionRecord[],
  from: LonLat | null,
  now: number,
): CommunityStop[] {
  const visits = lastVisits(inspections)
  const byCommunity = new Map<string, CaseRecord[]>()
  for (const one of cases) if (isOpen(one)) byCommunity.set(one.community_id, [...(byCommunity.get(one.community_id) ?? []), one])
  const today = localDay(now)
  return communities.map((community) => {
    const open = byCommunity.get(community.community_id) ?? []
    const visit = visits.get(community.community_id) ?? null
    const worst = open.map((one) => signalOf(one, now)).reduce<Signal>((a, b) => (RANK.indexOf(b) > RANK.indexOf(a) ? b : a), 'none')
    return {
      community,
      community_id: community.community_id,
      place: middleOf(community.geometry),
      days: visit && daysBetween(localDay(Date.parse(visit.at)), today),
      urgent: worst === 'red',
      visit,
      open: open.length,
      worst,
      metres: from && metresTo(community.geometry, from),
    }
  })
}
