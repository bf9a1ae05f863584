/** What pages can do with the tablet's protocol, and what it tells them. No words here: pages find them. */

import type { Observable } from 'dexie'
import type { CommandName, NewCommand } from './commands'
import type { EntityName, ProblemDocument, Records, Status, Warning } from './records'

// ---------------------------------------------------------------- who works on this tablet

/** One worker on this tablet. Everyone has a device id and a store of his own; a shared tablet has several. */
export interface Person {
  device_id: string
  user_id: string
  username: string
  name: string
  role: string
  unit_code: string
  unit_name: string
  enrolled_at: string
  /** The commands he may give, as the server last told. */
  rights: string[]
}

/** What a QR code of the office says: `https://host/tablet/#enrol=CODE`, or the bare code. */
export interface Invitation {
  code: string
  /** Of which server the code is, when it says so; enrolling on another address fails with `other-server`. */
  server: string | null
}

/** This tablet with all who work on it. */
export interface Tablets {
  /** Everybody enrolled here, the last at work first. */
  people(): Promise<Person[]>
  /** Open the store of who worked last; null while nobody is enrolled. */
  resume(): Promise<Tablet | null>
  /** Hand the tablet over: close this store, open the other's. What waits in the first is still handed in. */
  handOver(device_id: string): Promise<Tablet>
  /** Enrol somebody by a code that was typed or scanned; with a signed-out person's code his store goes on.
   * A lost answer burns no code: just call it again. Raises Refused (`enrolment-code-invalid`), LineDown. */
  enrol(scanned: string, tablet_name: string): Promise<Tablet>
  /** Forget a person and his store. Raises StillWaiting while anything of his has no fate, unless `anyway`. */
  forget(device_id: string, how?: { anyway: boolean }): Promise<void>
}

// ---------------------------------------------------------------- the mirror

/** What is not yet the server's word in a record. */
export interface LocalWork {
  mid: string
  seq: number
  type: CommandName
  fate: Fate['kind']
}

/** A record as this tablet knows it: the server's copy with the own undecided work laid over it. */
export interface Held<Name extends EntityName> {
  entity: Name
  id: string
  data: Records[Name]
  /** 0 for a record that only exists here. Give it as `base_version`. */
  version: number
  buckets: string[]
  /** The own work that shows in `data` or waits for this record; empty: the server's word. */
  local: LocalWork[]
}

/** Everything that was pulled. Reads are plain Dexie reads, so `observe(() => mirror.all('case'))` is live. */
export interface Mirror {
  get<Name extends EntityName>(entity: Name, id: string): Promise<Held<Name> | undefined>
  all<Name extends EntityName>(entity: Name): Promise<Held<Name>[]>
  /** Those of one community, by index. */
  inCommunity<Name extends EntityName>(entity: Name, community_id: string): Promise<Held<Name>[]>
  /** Those in the bucket of one grid cell, by index. */
  inCell<Name extends EntityName>(entity: Name, grid_cell_code: string): Promise<Held<Name>[]>
  /** How many the server's copy has. */
  count(entity: EntityName): Promise<number>
  /** The codes of the cells assigned on this day (`YYYY-MM-DD`; today when absent). */
  cells(day?: string): Promise<string[]>
}

// ---------------------------------------------------------------- drafts

/** Something half done; `content` is the page's own, any structured-cloneable value. Photos it names are kept. */
export interface Draft<Content = unknown> {
  draft_id: string
  kind: string
  community_id: string | null
  content: Content
  photos: string[]
  begun_at: string
  saved_at: string
}

export interface Drafts {
  /** Save at any keystroke: calls are gathered so that the newest is on the disk within `SAVE_WITHIN_MS`;
   * the promise resolves when it is there. */
  save<Content>(draft: {
    draft_id: string
    kind: string
    community_id?: string | null
    content: Content
    photos?: string[]
  }): Promise<void>
  get<Content>(draft_id: string): Promise<Draft<Content> | undefined>
  /** The newest first; all kinds when none is named. */
  list<Content>(kind?: string): Promise<Draft<Content>[]>
  /** Throw a draft away, with those of its photos that nothing else names. */
  discard(draft_id: string): Promise<void>
}

// ---------------------------------------------------------------- photos

export interface NewPhoto {
  /** When it was taken; read from EXIF when absent. */
  taken_at?: string
  /** False keeps the file byte for byte; otherwise the long side is brought to 2560 px, EXIF kept. */
  shrink?: boolean
}

/** A photo in this tablet. */
export interface Photo {
  sha256: string
  content_type: string
  size: number
  width: number | null
  height: number | null
  taken_at: string | null
  added_at: string
  /** `kept`: no item names it yet, it stays here. */
  state: 'kept' | 'waiting' | 'uploading' | 'arrived' | 'refused'
  sent_bytes: number
  problem: ProblemDocument | null
}

export interface PhotoShelf {
  /** Keep a photo: shrunk, hashed, with a thumbnail, on the disk when it resolves. All of it off the main
   * thread. The same bytes twice are one photo. One that this browser cannot show (HEIC, mostly) is kept byte
   * for byte. Raises NotAPicture, Damaged, TooLarge, QuotaFull; then nothing of it is kept. */
  add(file: Blob, how?: NewPhoto): Promise<Photo>
  get(sha256: string): Promise<Photo | undefined>
  /** The whole picture: the own one, or a task's that was fetched beforehand; undefined when it is not here, or
   * cannot be shown by this browser. */
  blob(sha256: string): Promise<Blob | undefined>
  /** At most 320 px on the long side. */
  thumbnail(sha256: string): Promise<Blob | undefined>
  /** Any photo of a record: from here, else from the server at this width. Raises LineDown, Refused. */
  seen(sha256: string, px?: 240 | 640 | 1280): Promise<Blob>
  /** Forget a photo that was taken in error. Does nothing when an item or another draft names it. */
  discard(sha256: string): Promise<void>
}

// ---------------------------------------------------------------- outbox

/** How an item's photos stand. */
export interface PhotoProgress {
  count: number
  arrived: number
  refused: number
  bytes: number
  sent_bytes: number
}

/** What became of an item. Everything but `waiting` and `sending` is the server's own word. */
export type Fate =
  /** Here only. */
  | { kind: 'waiting' }
  /** On its way; whether it arrived is not known yet. */
  | { kind: 'sending' }
  /** Done, with the photos still on their way: the record's evidence is not complete. */
  | { kind: 'photos' }
  /** Done, photos and all. */
  | { kind: 'accepted' }
  /** Done, and there is something to know: `warnings`. */
  | { kind: 'warned' }
  /** Done; where somebody else had written meanwhile the server's order decides, the office sees both. */
  | { kind: 'merged' }
  /** Waits at the server for something else, or for the shift leader; goes on by itself. */
  | { kind: 'held'; problem: ProblemDocument | null }
  /** Kept for a person in the office. */
  | { kind: 'quarantined'; problem: ProblemDocument | null }
  /** Not done: the record has moved on. The worker decides between `mine` and `current`. */
  | { kind: 'conflict'; problem: ProblemDocument | null; mine: unknown; current: unknown; version: number | null }
  /** Never possible; `problem` says why and what mends it. */
  | { kind: 'refused'; problem: ProblemDocument | null }

export interface OutboxItem {
  seq: number
  mid: string
  type: CommandName | 'device.gap'
  entity_id: string
  data: unknown
  base_version: number | null
  /** By the tablet's clock. */
  made_at: string
  decided_at: string | null
  fate: Fate
  /** The server's bare status, null before it said one. */
  status: Status | null
  warnings: Warning[]
  photos: PhotoProgress
  /** The worker has seen a conflict or refusal and closed it (`outbox.settle`). */
  settled: boolean
}

/** Counts for the badge. */
export interface OutboxSummary {
  waiting: number
  /** Items the worker has to look at: conflicts and refusals that are not settled. */
  to_look_at: number
  held: number
  quarantined: number
  photos: PhotoProgress
}

export interface Outbox {
  /** Hand a command in. On the disk when it resolves, together with the removal of its draft; sending begins
   * by itself when there is a line. Digests in `data` are found and their photos sent along. */
  enqueue<Name extends CommandName>(
    command: NewCommand<Name>,
    how?: { draft_id?: string },
  ): Promise<{ mid: string; seq: number; entity_id: string }>
  /** Several at once, all or none. */
  enqueueAll(
    commands: NewCommand[],
    how?: { draft_id?: string },
  ): Promise<{ mid: string; seq: number; entity_id: string }[]>
  /** The newest first. Kept 30 days after their fate, for a server that was restored from a backup. */
  items(how?: { limit?: number; before_seq?: number }): Promise<OutboxItem[]>
  item(mid: string): Promise<OutboxItem | undefined>
  /** The items about one record, oldest first. */
  about(entity_id: string): Promise<OutboxItem[]>
  summary(): Promise<OutboxSummary>
  /** Close a conflict or refusal that the worker has decided on (by a new command, or by letting it be). */
  settle(mid: string): Promise<void>
  /** Take back what never left this tablet, neither by a line nor in a file. False, and nothing is changed, when it
   * may have left meanwhile or when later work here builds on it. */
  withdraw(mid: string): Promise<boolean>
  /** All that has no fate yet, with its photos, as a file for `wangge sync import`. It stays in the outbox. */
  export(): Promise<{ file: Blob; name: string; items: number; photos: number }>
  /** The server's signed receipts, the oldest first. */
  receipts(): Promise<Receipt[]>
}

/** The server's signed word that the items `first_seq` to `last_seq` were handed in. */
export interface Receipt {
  first_seq: number
  last_seq: number
  acked_through: number
  received_at: string
  receipt: string
}

// ---------------------------------------------------------------- sync

export type Phase = 'idle' | 'pushing' | 'uploading' | 'pulling'

/** Why nothing is being sent. */
export type Pause =
  /** No network. */
  | 'offline'
  /** A paid line: photos wait until `photosOnMetered(true)` or another network. */
  | 'metered'
  /** The server asked to come later (`until`). */
  | 'busy'
  /** The line broke; tried again at `until`. */
  | 'line-down'
  /** Another tab is at it. */
  | 'other-tab'

/** What stops this tablet until somebody acts. */
export type Stop =
  /** The tokens are no longer taken: a new code is needed; the work stays. */
  | 'signed-out'
  /** The office has switched the tablet off: work is still handed in (into the office's hands), nothing comes. */
  | 'revoked'
  /** The office has the tablet erased: the copy is gone, work is still handed in, then all of it goes. */
  | 'wiping'
  /** Erased, and the office knows. */
  | 'wiped'
  /** The server speaks no version that this program speaks: load the page anew when online. */
  | 'outdated'
  /** After fetching a bucket anew it still differs from the server's. */
  | 'copy-wrong'

export interface SyncStatus {
  phase: Phase
  /** Of the present run: items answered and to send, photo bytes gone and to send, records that came. */
  items: { done: number; of: number }
  bytes: { done: number; of: number }
  records: number
  pause: Pause | null
  until: string | null
  stop: Stop | null
  problem: ProblemDocument | null
  /** The last run that went through to its end. */
  last_sync_at: string | null
  /** The last time that the server was heard at all. */
  last_heard_at: string | null
  next_sync_at: string | null
  /** By how much the tablet's clock is ahead of the server's; null before it is known. */
  clock_error_ms: number | null
  /** The server was set back to an older state; what it lost is being sent again. */
  restored: boolean
}

export interface StorageStatus {
  persisted: boolean
  used_bytes: number
  quota_bytes: number
  /** What the photos of a busy day take, by the last two weeks of this tablet. */
  day_bytes: number
  /** Days of such work that still fit; null where the browser tells no quota. */
  days_left: number | null
  /** Photos that have not arrived at the server. */
  waiting_bytes: number
  /** Photos of others that were looked at: `freeRoom` forgets them. */
  seen_bytes: number
  /** `tight`: less than two days of work fit. `full`: the next photo may not fit. */
  room: 'enough' | 'tight' | 'full'
}

export interface Sync {
  /** Hand in, bring the photos, fetch what changed. One run at a time over all tabs: a second call joins it.
   * Resolves when the run has ended, however; `status` says how. */
  now(): Promise<SyncStatus>
  status(): SyncStatus
  /** Called at every change, by bytes while photos go (at most ten times a second); returns how to end it. */
  watch(told: (status: SyncStatus) => void): () => void
  /** Let photos go over a paid line, or not. */
  photosOnMetered(allowed: boolean): Promise<void>
  /** Whether they may. */
  mayUseMetered(): Promise<boolean>
  /** Begin and end syncing by itself: on enqueue, when the network or the page comes back, and as often as
   * the server asks. Begun by opening. */
  start(): void
  stop(): void
}

// ---------------------------------------------------------------- all of it

/** One worker's tablet, open. */
export interface Tablet {
  readonly person: Person
  readonly mirror: Mirror
  readonly drafts: Drafts
  readonly photos: PhotoShelf
  readonly outbox: Outbox
  readonly sync: Sync
  /** What of the scope came to its end: false until the first pull is through. */
  ready(): Promise<boolean>
  /** The buckets that are followed, as the last pull told. */
  scope(): Promise<string[]>
  /** A live query over anything readable here: runs again when what it read has changed, in any tab. */
  observe<T>(read: () => Promise<T>): Observable<T>
  /** Ask the browser not to throw the store away; and how full it is. */
  storage(): Promise<StorageStatus>
  /** Forget the photos of others that were looked at; what is one's own, or waits to be looked at, stays. */
  freeRoom(): Promise<void>
  close(): void
}
