/** What came of an outbox file, or with `dry_run` what would. */
export interface OutboxReport {
  device_id: string
  user: string
  dry_run: boolean
  escrow: string | null
  lines: number
  items: OutboxItem[]
  damages: { where: string; why: string; why_zh: string }[]
  photos_stored: number
  photos_known: number
  missing_photos: number
}

export interface OutboxItem {
  seq: number
  type: string
  status: string
  replayed: boolean
  why: string
  why_zh: string
}

/** How many items came to what, in the order in which they first did. What came before counts as `replayed`. */
export function sumsOf(report: Pick<OutboxReport, 'items'>): [outcome: string, n: number][] {
  const sums = new Map<string, number>()
  for (const { status, replayed } of report.items) {
    const outcome = replayed ? 'replayed' : status
    sums.set(outcome, (sums.get(outcome) ?? 0) + 1)
  }
  return [...sums]
}
