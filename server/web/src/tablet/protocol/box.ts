import type { CommandName, NewCommand } from './commands'
import type { Outbox, OutboxItem, OutboxSummary, Receipt } from './contract'
import type { DraftBook } from './drafts'
import { itemOf, summaryOf } from './fates'
import { type Handed, enqueue, withdraw } from './outbox'
import type { ItemRow, Store } from './store'

const SHOWN = 100
const OPEN_STATES = ['waiting', 'held', 'quarantined', 'conflict', 'rejected']

/** The outbox of one store, for pages. */
export class Box implements Outbox {
  readonly export: Outbox['export']

  constructor(
    private readonly store: Store,
    private readonly drafts: DraftBook,
    private readonly now: () => number,
    private readonly enqueued: () => void,
    exported: Outbox['export'],
  ) {
    this.export = exported
  }

  async enqueue<Name extends CommandName>(command: NewCommand<Name>, how: { draft_id?: string } = {}): Promise<Handed> {
    const [handed] = await this.enqueueAll([command as NewCommand], how)
    return handed!
  }

  async enqueueAll(commands: NewCommand[], { draft_id }: { draft_id?: string } = {}): Promise<Handed[]> {
    if (draft_id !== undefined) await this.drafts.close(draft_id)
    const handed = await enqueue(this.store, commands, this.now(), draft_id ?? null)
    this.enqueued()
    return handed
  }

  async items({ limit = SHOWN, before_seq = Infinity }: { limit?: number; before_seq?: number } = {}): Promise<OutboxItem[]> {
    return this.#shown(await this.store.items.where('seq').below(before_seq).reverse().limit(limit).toArray())
  }

  async item(mid: string): Promise<OutboxItem | undefined> {
    const [found] = await this.#shown(await this.store.items.where('mid').equals(mid).toArray())
    return found
  }

  async about(entity_id: string): Promise<OutboxItem[]> {
    return this.#shown(await this.store.items.where('entity_id').equals(entity_id).sortBy('seq'))
  }

  async summary(): Promise<OutboxSummary> {
    const open = await this.store.items.where('state').anyOf(OPEN_STATES).toArray()
    const photos = await this.store.photos.where('state').equals('waiting').toArray()
    return summaryOf(open, photos)
  }

  async settle(mid: string): Promise<void> {
    await this.store.items.where('mid').equals(mid).modify({ settled: 1 })
  }

  withdraw(mid: string): Promise<boolean> {
    return withdraw(this.store, mid)
  }

  async receipts(): Promise<Receipt[]> {
    return this.store.receipts.toArray()
  }

  async #shown(rows: ItemRow[]): Promise<OutboxItem[]> {
    const photos = await this.store.photos.bulkGet([...new Set(rows.flatMap((row) => row.photos))])
    const known = new Map(photos.filter((photo) => photo !== undefined).map((photo) => [photo.sha256, photo]))
    return rows.map((row) =>
      itemOf(
        row,
        row.photos.map((sha256) => known.get(sha256)).filter((photo) => photo !== undefined),
      ),
    )
  }
}
