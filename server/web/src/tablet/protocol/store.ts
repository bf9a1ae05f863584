import Dexie, { type DexieOptions, type EntityTable, type Table } from 'dexie'
import type { CommandName } from './commands'
import type { Condition } from './condition'
import type { Draft, Receipt } from './contract'
import { StoreTooNew } from './errors'
import type { OutcomeRecord, ProblemDocument, Status, Warning } from './records'
import type { Battery } from './surroundings'
import type { Wipe } from './wiping'

/** What the server said of an item. */
export interface Result {
  mid: string
  seq: number
  status: Status
  entity_id: string | null
  version: number | null
  replayed: boolean
  warnings: Warning[]
  problem: ProblemDocument | null
  current: unknown
  missing_photos: string[]
}

/** An item as it is sent, but for `mid` and `seq`. Never changed once written: the server knows it by its hash. */
export interface Body {
  type: CommandName | 'device.gap'
  entity_id: string
  device_time: string
  base_version: number | null
  depends_on: string[]
  data: unknown
}

export interface ItemRow {
  seq: number
  mid: string
  entity_id: string
  body: Body
  /** `waiting` until the server has answered; then the newest status known. */
  state: 'waiting' | Status
  /** Set before it is sent the first time: it may have arrived since. */
  sent_at: string | null
  /** Set when it was put into a file for the office, which may have taken it in since. */
  exported_at?: string
  result: Result | null
  /** The later fate, from the pull. */
  outcome: OutcomeRecord | null
  decided_at: number | null
  photos: string[]
  /** 1 while the mirror does not show what it does. */
  laid_over: 0 | 1
  settled: 0 | 1
}

export interface PhotoRow {
  sha256: string
  content_type: string
  size: number
  width: number | null
  height: number | null
  taken_at: string | null
  added_at: string
  state: 'kept' | 'waiting' | 'arrived' | 'refused'
  /** Where its upload goes on. */
  upload_url: string | null
  sent_bytes: number
  arrived_at: number | null
  problem: ProblemDocument | null
}

export interface RecordRow {
  bucket: string
  entity: string
  id: string
  version: number
  rev: number
  data: Record<string, unknown>
}

/** Count and sum of a bucket's records, kept by addition and subtraction; `sum` is 16 hex digits. */
export interface BucketRow {
  bucket: string
  count: number
  sum: string
}

export interface SeenRow {
  sha256: string
  blob: Blob
  fetched_at: number
  /** 1: a task shows it. */
  wanted: 0 | 1
}

export interface Tokens {
  access_token: string
  refresh_token: string
}

/** Single facts, by name. */
export interface Facts {
  last_seq: number
  /** Nothing before this seq is kept. */
  kept_from: number
  tokens: Tokens
  limits: Limits
  cursor: string
  scope: string[]
  /** The server was set back: ask how far it is, send again what it lost. */
  restored: true
  /** When each of these last happened, in ms. */
  last_sync_at: number
  last_heard_at: number
  next_sync_at: number
  rights_read_at: number
  clock_error_ms: number
  photos_on_metered: boolean
  /** As the page last read it: the worker that syncs is not told. */
  battery: Battery
  /** What the office last heard of this tablet's outbox, and when. */
  told: { outbox: Condition['outbox']; at: number }
  /** The office has this tablet erase itself. */
  wipe: Wipe
  signed_out: true
  revoked: true
}

export interface Limits {
  max_mutations: number
  max_inflated_bytes: number
  max_photo_bytes: number
  device_uploads_at_once: number
}

export const DEFAULT_LIMITS: Limits = {
  max_mutations: 200,
  max_inflated_bytes: 8_000_000,
  max_photo_bytes: 20_000_000,
  device_uploads_at_once: 2,
}

const PREFIX = 'wangge-tablet-'

/** One worker's store. What a transaction wrote is on the disk when it resolves, whatever breaks next. */
export class Store extends Dexie {
  facts!: Table<{ name: keyof Facts; value: unknown }, string>
  items!: EntityTable<ItemRow, 'seq'>
  photos!: EntityTable<PhotoRow, 'sha256'>
  blobs!: Table<{ sha256: string; blob: Blob }, string>
  thumbs!: Table<{ sha256: string; blob: Blob }, string>
  seen!: EntityTable<SeenRow, 'sha256'>
  records!: Table<RecordRow, [string, string, string]>
  buckets!: EntityTable<BucketRow, 'bucket'>
  receipts!: Table<Receipt, number>
  drafts!: EntityTable<Draft, 'draft_id'>

  constructor(
    readonly device_id: string,
    options: DexieOptions = {},
  ) {
    // A worker's day must outlive an empty battery, not just a closed page.
    super(PREFIX + device_id, { chromeTransactionDurability: 'strict', ...options })
    this.version(1).stores({
      facts: '&name',
      items: '&seq, &mid, state, entity_id, laid_over, *photos',
      photos: '&sha256, state, added_at',
      blobs: '&sha256',
      thumbs: '&sha256',
      seen: '&sha256, wanted',
      records: '&[bucket+entity+id], [entity+id], [entity+data.community_id]',
      buckets: '&bucket',
      receipts: '++',
      drafts: '&draft_id, saved_at, *photos',
    })
  }

  async fact<Name extends keyof Facts>(name: Name): Promise<Facts[Name] | undefined> {
    return (await this.facts.get(name))?.value as Facts[Name] | undefined
  }

  async remember<Name extends keyof Facts>(name: Name, value: Facts[Name]): Promise<void> {
    await this.facts.put({ name, value })
  }

  async forget(...names: (keyof Facts)[]): Promise<void> {
    await this.facts.bulkDelete(names)
  }

  async limits(): Promise<Limits> {
    return { ...DEFAULT_LIMITS, ...(await this.fact('limits')) }
  }
}

/** Open a store, or make it. Raises StoreTooNew. */
export async function openStore(device_id: string, options?: DexieOptions): Promise<Store> {
  const store = new Store(device_id, options)
  try {
    await store.open()
  } catch (error) {
    if (error instanceof Error && error.name === 'VersionError') throw new StoreTooNew(error.message)
    throw error
  }
  return store
}
