import type { Draft, Drafts } from './contract'
import { discardPhotos } from './shelf'
import type { Store } from './store'

type Saved = Parameters<Drafts['save']>[0]

/** Half-done work, on the disk at every keystroke: while one save is being written the next ones wait as one. */
export class DraftBook implements Drafts {
  readonly #next = new Map<string, Saved>()
  readonly #writing = new Map<string, Promise<void>>()

  constructor(
    private readonly store: Store,
    private readonly now: () => number,
  ) {}

  save<Content>(draft: Saved & { content: Content }): Promise<void> {
    this.#next.set(draft.draft_id, draft)
    const before = this.#writing.get(draft.draft_id) ?? Promise.resolve()
    const mine = before.then(() => this.#write(draft.draft_id))
    const quiet = mine.catch(() => {}) // whoever saved it hears of it
    this.#writing.set(draft.draft_id, quiet)
    void quiet.then(() => this.#writing.get(draft.draft_id) === quiet && this.#writing.delete(draft.draft_id))
    return mine
  }

  async get<Content>(draft_id: string): Promise<Draft<Content> | undefined> {
    return (await this.store.drafts.get(draft_id)) as Draft<Content> | undefined
  }

  async list<Content>(kind?: string): Promise<Draft<Content>[]> {
    const found = await this.store.drafts.orderBy('saved_at').reverse().toArray()
    return found.filter((draft) => kind === undefined || draft.kind === kind) as Draft<Content>[]
  }

  /** Let no save that was asked for earlier write this draft later: it is being handed in. */
  async close(draft_id: string): Promise<void> {
    this.#next.delete(draft_id)
    await this.#writing.get(draft_id)
  }

  async discard(draft_id: string): Promise<void> {
    await this.close(draft_id)
    const draft = await this.store.drafts.get(draft_id)
    await this.store.drafts.delete(draft_id)
    await discardPhotos(this.store, draft?.photos ?? [])
  }

  async #write(draft_id: string): Promise<void> {
    const draft = this.#next.get(draft_id)
    if (!draft) return // an earlier write took it along
    this.#next.delete(draft_id)
    const saved_at = new Date(this.now()).toISOString()
    await this.store.transaction('rw', this.store.drafts, async () => {
      const before = await this.store.drafts.get(draft_id)
      const { kind, content, community_id = null, photos = [] } = draft
      const begun_at = before?.begun_at ?? saved_at
      await this.store.drafts.put({ draft_id, kind, community_id, content, photos, begun_at, saved_at })
    })
  }
}
