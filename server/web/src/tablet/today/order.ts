import { metresBetween, type LonLat } from '../device/geo'

/** A community as the order of a walk sees it. */
export interface Stop {
  community_id: string
  place: LonLat
  /** Whole days since the last visit; null when nobody was ever there. */
  days: number | null
  /** Something there is overdue or waits for a check. */
  urgent: boolean
}

const NEVER_DAYS = 90
const WEEK_DAYS = 7

/**
 * A walk through communities: from where one stands always to the next that is nearest for how long it has waited.
 * A week without a visit halves a distance, something urgent does so once more; whom one saw today comes last.
 */
export function walkOrder(stops: readonly Stop[], from: LonLat | null): Stop[] {
  const seen = stops.filter((stop) => stop.days === 0 && !stop.urgent)
  const left = new Set(stops.filter((stop) => !seen.includes(stop)))
  const order: Stop[] = []
  let here = from
  while (left.size > 0) {
    const next = leastOf([...left], (stop) => costOf(stop, here))
    order.push(next)
    left.delete(next)
    here = next.place
  }
  return [...order, ...seen]
}

function costOf(stop: Stop, here: LonLat | null): number {
  const waited = 1 + (stop.days ?? NEVER_DAYS) / WEEK_DAYS
  const metres = here ? metresBetween(here, stop.place) + 30 : 1000
  return metres / (waited * (stop.urgent ? 2 : 1))
}

function leastOf<T>(all: readonly T[], of: (one: T) => number): T {
  return all.reduce((least, one) => (of(one) < of(least) ? one : least))
}
