import type { Fate, OutboxItem, OutboxSummary, PhotoProgress } from './contract'
import type { ItemRow, PhotoRow } from './store'

/** An item as pages show it. `photos` are the rows of those it names. */
export function itemOf(row: ItemRow, photos: PhotoRow[]): OutboxItem {
  const progress = progressOf(photos)
  return {
    seq: row.seq,
    mid: row.mid,
    type: row.body.type,
    entity_id: row.entity_id,
    data: row.body.data,
    base_version: row.body.base_version,
    made_at: row.body.device_time,
    decided_at: row.decided_at === null ? null : new Date(row.decided_at).toISOString(),
    fate: fateOf(row, progress),
    status: row.state === 'waiting' ? null : row.state,
    warnings: row.result?.warnings ?? [],
    photos: progress,
    settled: row.settled === 1,
  }
}

/** What became of an item, in the one word that matters most to its worker. */
export function fateOf(row: ItemRow, photos: PhotoProgress): Fate {
  // The newest word counts: a later fate brings its own problem, or none.
  const problem = row.outcome ? row.outcome.problem : (row.result?.problem ?? null)
  switch (row.state) {
    case 'waiting':
      return { kind: row.sent_at === null ? 'waiting' : 'sending' }
    case 'held':
      return { kind: 'held', problem }
    case 'quarantined':
      return { kind: 'quarantined', problem }
    case 'rejected':
      return { kind: 'refused', problem }
    case 'conflict': {
      const version = row.outcome?.version ?? row.result?.version ?? null
      return { kind: 'conflict', problem, mine: row.body.data, current: row.result?.current ?? null, version }
    }
    case 'merged':
      return { kind: 'merged' }
    case 'applied':
      if (photos.arrived + photos.refused < photos.count) return { kind: 'photos' }
      return { kind: (row.result?.warnings.length ?? 0) > 0 || photos.refused > 0 ? 'warned' : 'accepted' }
  }
}

export function progressOf(photos: PhotoRow[]): PhotoProgress {
  return {
    count: photos.length,
    arrived: photos.filter((photo) => photo.state === 'arrived').length,
    refused: photos.filter((photo) => photo.state === 'refused').length,
    bytes: sum(photos.map((photo) => photo.size)),
    sent_bytes: sum(photos.map((photo) => photo.sent_bytes)),
  }
}

/** Counts for the badge. `open` are the items that are neither applied nor merged. */
export function summaryOf(open: ItemRow[], photos: PhotoRow[]): OutboxSummary {
  const count = (...states: ItemRow['state'][]) => open.filter((row) => states.includes(row.state)).length
  return {
    waiting: count('waiting'),
    to_look_at: open.filter((row) => ['conflict', 'rejected'].includes(row.state) && row.settled === 0).length,
    held: count('held'),
    quarantined: count('quarantined'),
    photos: progressOf(photos),
  }
}

function sum(sizes: number[]): number {
  return sizes.reduce((total, size) => total + size, 0)
}
