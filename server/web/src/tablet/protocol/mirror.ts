import type { Held, LocalWork, Mirror, Person } from './contract'
import { fateOf, progressOf } from './fates'
import { type Around, NOWHERE, made, madeBy, over } from './overlay'
import type { AssignmentRecord, CommunityRecord, EntityName, Records } from './records'
import type { ItemRow, RecordRow, Store } from './store'

/** So many records at once: more would hold a page up for longer than a frame or two. */
const AT_ONCE = 200

/** The copy of what was pulled, with the own undecided work laid over it. */
export class Copy implements Mirror {
  constructor(
    private readonly store: Store,
    private readonly person: Person,
    private readonly today: () => string,
  ) {}

  async get<Name extends EntityName>(entity: Name, id: string): Promise<Held<Name> | undefined> {
    const rows = await this.store.records.where('[entity+id]').equals([entity, id]).toArray()
    const [found] = await this.#laidOver(entity, rows, (made) => made.id === id)
    return found
  }

  async all<Name extends EntityName>(entity: Name): Promise<Held<Name>[]> {
    const rows: RecordRow[] = []
    for (let after: unknown[] = [entity]; ; ) {
      const some = await this.#some('[entity+id]', after, [entity, []])
      rows.push(...some)
      const last = some.at(-1)
      if (!last || some.length < AT_ONCE) break
      after = [entity, last.id]
      // Copies of the last one in other buckets stand behind the cut.
      const copies = await this.store.records.where('[entity+id]').equals([entity, last.id]).toArray()
      rows.push(...copies.filter((row) => !some.some((one) => one.id === row.id && one.bucket === row.bucket)))
    }
    return this.#laidOver(entity, rows, () => true)
  }

  async inCommunity<Name extends EntityName>(entity: Name, community_id: string): Promise<Held<Name>[]> {
    const rows = await this.store.records.where('[entity+data.community_id]').equals([entity, community_id]).toArray()
    return this.#laidOver(entity, rows, (made) => made.data.community_id === community_id)
  }

  async inCell<Name extends EntityName>(entity: Name, grid_cell_code: string): Promise<Held<Name>[]> {
    const bucket = `cell:${grid_cell_code}`
    const rows: RecordRow[] = []
    for (let after: unknown[] = [bucket, entity]; ; ) {
      const some = await this.#some('[bucket+entity+id]', after, [bucket, entity, []])
      rows.push(...some)
      if (some.length < AT_ONCE) break
      after = [bucket, entity, some.at(-1)!.id]
    }
    return this.#laidOver(entity, rows, (made) => made.data.grid_cell_code === grid_cell_code)
  }

  async count(entity: EntityName): Promise<number> {
    return new Set(await idsOf(this.store, entity)).size
  }

  async cells(day = this.today()): Promise<string[]> {
    const rows = await this.store.records.where('[entity+id]').between(['assignment'], ['assignment', []]).toArray()
    const assigned = rows.map((row) => row.data as unknown as AssignmentRecord)
    const now = assigned.filter((one) => one.valid_from <= day && (one.valid_to === null || day < one.valid_to))
    return [...new Set(now.map((one) => one.grid_cell_code))].sort()
  }

  #some(index: string, after: unknown[], end: unknown[]): Promise<RecordRow[]> {
    return this.store.records.where(index).between(after, end, false).limit(AT_ONCE).toArray()
  }

  async #laidOver<Name extends EntityName>(
    entity: Name,
    rows: RecordRow[],
    belongs: (made: RecordRow) => boolean,
  ): Promise<Held<Name>[]> {
    const items = await this.store.items.where('laid_over').equals(1).sortBy('seq')
    const held = newestOf(rows)
    for (const item of items) {
      if (madeBy(item) !== entity || held.has(item.entity_id)) continue
      const row = await this.#made(entity, item)
      if (row && belongs(row)) held.set(row.id, { row, buckets: [] })
    }
    const about = new Map<string, ItemRow[]>()
    for (const item of items) about.set(item.entity_id, [...(about.get(item.entity_id) ?? []), item])
    const found: Held<Name>[] = []
    for (const [id, { row, buckets }] of held) {
      const mine = about.get(id)
      found.push(mine ? await this.#with<Name>(row, buckets, mine) : bare<Name>(row, buckets))
    }
    return found
  }

  async #made(entity: EntityName, item: ItemRow): Promise<RecordRow | null> {
    // Somebody else's bucket may hold it already: then the server's word stands there.
    if ((await this.store.records.where('[entity+id]').equals([entity, item.entity_id]).count()) > 0) return null
    const { user_id, name } = this.person
    const data = made(item, { user_id, name }, await this.#place(item))
    return data && { bucket: '', entity, id: item.entity_id, version: 0, rev: 0, data }
  }

  async #place(item: ItemRow): Promise<Around> {
    const { community_id } = item.body.data as { community_id?: string }
    if (!community_id) return NOWHERE
    const [row] = await this.store.records.where('[entity+id]').equals(['community', community_id]).toArray()
    return row ? (row.data as unknown as CommunityRecord) : NOWHERE
  }

  async #with<Name extends EntityName>(row: RecordRow, buckets: string[], about: ItemRow[]): Promise<Held<Name>> {
    const found = bare<Name>(row, buckets)
    for (const item of about) {
      const { mid, seq, body } = item
      found.data = over(found.entity, found.data as Record<string, unknown>, item) as unknown as Records[Name]
      const photos = (await this.store.photos.bulkGet(item.photos)).filter((photo) => photo !== undefined)
      found.local.push({ mid, seq, type: body.type as LocalWork['type'], fate: fateOf(item, progressOf(photos)).kind })
    }
    return found
  }
}

/** The newest copy of each record, and all buckets that it stands in. */
function newestOf(rows: RecordRow[]): Map<string, { row: RecordRow; buckets: string[] }> {
  const held = new Map<string, { row: RecordRow; buckets: string[] }>()
  for (const row of rows) {
    const before = held.get(row.id)
    if (!before) held.set(row.id, { row, buckets: [row.bucket] })
    else {
      before.buckets.push(row.bucket)
      if (row.rev > before.row.rev) before.row = row
    }
  }
  return held
}

function bare<Name extends EntityName>(row: RecordRow, buckets: string[]): Held<Name> {
  const { entity, id, version, data } = row
  return { entity: entity as Name, id, data: data as unknown as Records[Name], version, buckets, local: [] }
}

async function idsOf(store: Store, entity: EntityName): Promise<string[]> {
  const keys = await store.records.where('[entity+id]').between([entity], [entity, []]).primaryKeys()
  return keys.map(([, , id]) => id)
}
