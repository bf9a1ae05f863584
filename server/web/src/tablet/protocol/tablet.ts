import { type Observable, liveQuery } from 'dexie'
import { Box } from './box'
import type { Person, Photo, StorageStatus, Sync, SyncStatus, Tablet } from './contract'
import { DraftBook } from './drafts'
import { lockOf } from './engine'
import { refreshed } from './enrolling'
import { QuotaFull } from './errors'
import { type Hands, type Whose, statusChannel } from './hands'
import { Line } from './line'
import { Copy } from './mirror'
import { type People, type PersonRow, personOf } from './people'
import { AT_REST, remembered } from './progress'
import { dayBytes, storageStatus, type Held } from './room'
import { Schedule } from './schedule'
import { Shelf } from './shelf'
import type { Store } from './store'
import type { Surroundings } from './surroundings'

const SHANGHAI_MS = 8 * 3_600_000
const RIGHTS_HOLD_MS = 12 * 3_600_000

/** Runs one store's syncing and tells of it. */
class Syncing implements Sync {
  readonly #channel: BroadcastChannel
  readonly #watchers = new Set<(status: SyncStatus) => void>()
  readonly schedule: Schedule
  #status = AT_REST
  #runs = 0

  constructor(
    private readonly store: Store,
    private readonly run: () => Promise<SyncStatus>,
    private readonly around: Surroundings,
    private readonly wiped: () => Promise<void>,
  ) {
    this.#channel = statusChannel(store.device_id)
    this.#channel.onmessage = ({ data }: MessageEvent<SyncStatus>) => this.#hear(data)
    this.schedule = new Schedule(around, () => this.#status, () => this.now())
  }

  async opened(): Promise<void> {
    this.#hear({ ...AT_REST, ...(await remembered(this.store)) })
  }

  async now(): Promise<SyncStatus> {
    const idle = this.#runs === 0 && this.#status.phase === 'idle'
    if (idle && (await this.around.isTaken(lockOf(this.store.device_id)))) this.#hear({ ...this.#status, pause: 'other-tab' })
    this.#runs += 1
    try {
      const status = await this.run()
      this.#hear(status)
      if (status.stop === 'wiped') await this.wiped()
      return status
    } finally {
      this.#runs -= 1
    }
  }

  status(): SyncStatus {
    return this.#status
  }

  watch(told: (status: SyncStatus) => void): () => void {
    this.#watchers.add(told)
    return () => this.#watchers.delete(told)
  }

  async photosOnMetered(allowed: boolean): Promise<void> {
    await this.store.remember('photos_on_metered', allowed)
    if (allowed) this.schedule.soon()
  }

  async mayUseMetered(): Promise<boolean> {
    return (await this.store.fact('photos_on_metered')) ?? false
  }

  start(): void {
    this.schedule.start()
  }

  stop(): void {
    this.schedule.stop()
  }

  close(): void {
    this.stop()
    this.#watchers.clear()
    this.#channel.close()
  }

  #hear(status: SyncStatus): void {
    this.#status = status
    for (const told of this.#watchers) told(status)
  }
}

/** One worker's tablet, open. */
export class OpenTablet implements Tablet {
  readonly mirror: Copy
  readonly drafts: DraftBook
  readonly photos: Shelf
  readonly outbox: Box
  readonly sync: Syncing
  readonly #line: Line
  readonly #whose: Whose
  #row: PersonRow
  #full = false

  constructor(
    private readonly store: Store,
    row: PersonRow,
    private readonly people: People,
    private readonly hands: Hands,
    private readonly around: Surroundings,
    /** Hands in what others who work on this tablet have left. */
    private readonly others: () => Promise<void>,
    /** Forgets this store, which is empty by the office's order. */
    wiped: () => Promise<void>,
  ) {
    this.#row = row
    const { device_id, server, username } = row
    this.#whose = { device_id, server, username }
    this.#line = new Line(server, store, around)
    const today = () => new Date(around.now() + SHANGHAI_MS).toISOString().slice(0, 10)
    this.mirror = new Copy(store, row, today)
    this.drafts = new DraftBook(store, around.now)
    this.photos = new Shelf(store, this.#line, around.now, (file, how = {}) => this.#kept(hands.addPhoto(this.#whose, file, how)))
    this.sync = new Syncing(store, () => this.#run(), around, wiped)
    const soon = () => this.sync.schedule.soon()
    this.outbox = new Box(store, this.drafts, around.now, soon, () => hands.export(this.#whose))
  }

  get person(): Person {
    return personOf(this.#row)
  }

  async ready(): Promise<boolean> {
    return (await this.store.fact('scope')) !== undefined
  }

  async scope(): Promise<string[]> {
    return (await this.store.fact('scope')) ?? []
  }

  observe<T>(read: () => Promise<T>): Observable<T> {
    return liveQuery(read)
  }

  async storage(): Promise<StorageStatus> {
    const told = await storageStatus(typeof navigator === 'undefined' ? undefined : navigator.storage, await this.#held())
    return this.#full ? { ...told, room: 'full' } : told
  }

  async freeRoom(): Promise<void> {
    await this.store.seen.where('wanted').equals(0).delete()
    this.#full = false
  }

  async #held(): Promise<Held> {
    const photos = await this.store.photos.toArray()
    const waiting = photos.filter((photo) => photo.state !== 'arrived')
    let seen_bytes = 0
    await this.store.seen.where('wanted').equals(0).each((row) => (seen_bytes += row.blob.size))
    return { day_bytes: dayBytes(photos, this.around.now()), waiting_bytes: waiting.reduce((sum, photo) => sum + photo.size, 0), seen_bytes }
  }

  /** Browsers tell a quota that is as good as endless; that there is no room left they say when a photo does not fit. */
  async #kept(photo: Promise<Photo>): Promise<Photo> {
    try {
      const kept = await photo
      this.#full = false
      return kept
    } catch (error) {
      this.#full ||= error instanceof QuotaFull
      throw error
    }
  }

  close(): void {
    void this.closed()
  }

  /** Close, and wait until the worker has let go, too. */
  async closed(): Promise<void> {
    this.sync.close()
    this.store.close()
    await this.hands.close(this.store.device_id)
  }

  async #run(): Promise<SyncStatus> {
    const battery = await this.around.battery()
    if (battery) await this.store.remember('battery', battery)
    const status = await this.hands.run(this.#whose, false)
    if (status.pause === null && status.stop === null) {
      await this.#refresh()
      await this.others()
    }
    return status
  }

  /** Learn now and then what the person may do; what cannot be learnt now is learnt later. */
  async #refresh(): Promise<void> {
    const now = this.around.now()
    if (now - ((await this.store.fact('rights_read_at')) ?? 0) < RIGHTS_HOLD_MS) return
    const fresh = await refreshed(this.#row, this.#line).catch(() => null)
    if (!fresh) return
    this.#row = fresh
    await this.people.people.put(fresh)
    await this.store.remember('rights_read_at', now)
  }
}
