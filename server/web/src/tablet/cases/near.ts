import { metresBetween, type LonLat } from '../device/geo'
import type { CaseRecord, RuleRecord } from '../protocol'
import { isOpen } from './signal'

/** An open case that may be the same problem, and how far away it is; null where its place is not known. */
export interface Near {
  one: CaseRecord
  metres: number | null
}

const LEAST_M = 15

/**
 * The open cases that a new finding may double: of its category, within the category's radius and the error of both
 * fixes, or anywhere in the community where the category knows no radius. The nearest first.
 */
export function doubles(
  cases: readonly CaseRecord[],
  finding: { category: string; community_id: string; place: (LonLat & { accuracy_m?: number | null }) | null },
  rule: Pick<RuleRecord, 'radius_m' | 'radius_scope'> | null,
): Near[] {
  return cases
    .filter((one) => one.category === finding.category && isOpen(one))
    .map((one) => ({ one, metres: finding.place && one.location ? metresBetween(finding.place, one.location) : null }))
    .filter(({ one, metres }) => {
      const anywhere = rule !== null && rule.radius_scope !== null && rule.radius_scope !== 'distance'
      if (anywhere || metres === null) return one.community_id === finding.community_id
      const slack = (finding.place?.accuracy_m ?? 0) + (one.location?.accuracy_m ?? 0)
      return metres <= Math.max(rule?.radius_m ?? LEAST_M, LEAST_M) + slack
    })
    .sort((a, b) => (a.metres ?? Infinity) - (b.metres ?? Infinity))
}
