import 'fake-indexeddb/auto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { uuid7 } from './ids'
import { digestOf, take } from './replica'
import { type Store, openStore } from './store'

let store: Store

beforeEach(async () => void (store = await openStore(uuid7())))
afterEach(() => store.delete())

type Op = Parameters<typeof take>[1]['ops'][number]

function put(id: string, rev: number, bucket = 'cell:1'): Op {
  return { op: 'put', bucket, entity: 'case', id, version: 1, rev, mid: null, data: { rev } }
}

function gone(id: string, rev: number): Op {
  return { op: 'tombstone', bucket: 'cell:1', entity: 'case', id, version: 1, rev }
}

async function page(...ops: Op[]): Promise<void> {
  await take(store, { ops, cursor: 'c', more: true, checkpoint: null }, null)
}

async function held(): Promise<string[]> {
  return (await store.records.toArray()).map((row) => `${row.bucket} ${row.id} ${row.rev}`)
}

describe('a copy', () => {
  it('takes no record back to an older rev, and lets no older tombstone end it', async () => {
    await page(put('a', 3))
    await page(put('a', 2), gone('a', 2), put('a', 1))
    expect(await held()).toEqual(['cell:1 a 3'])
    await page(gone('a', 4))
    expect(await held()).toEqual([])
  })

  it('keeps count and sum as the records are, whatever comes', async () => {
    await page(put('a', 1), put('b', 1), put('a', 2))
    await page(gone('b', 2), put('c', 1), gone('never', 1))
    const sum = (digestOf({ entity: 'case', id: 'a', rev: 2 }) + digestOf({ entity: 'case', id: 'c', rev: 1 })) % (1n << 64n)
    expect(await store.buckets.toArray()).toEqual([{ bucket: 'cell:1', count: 2, sum: sum.toString(16).padStart(16, '0') }])
  })

  it('forgets an evicted bucket and nothing else, in the order of the page', async () => {
    await page(put('a', 1), put('b', 1, 'cell:10'))
    await page({ op: 'evict', bucket: 'cell:1' }, put('c', 1))
    expect(await held()).toEqual(['cell:1 c 1', 'cell:10 b 1'])
    expect((await store.buckets.toArray()).map((row) => [row.bucket, row.count])).toEqual([['cell:1', 1], ['cell:10', 1]])
  })

  it('drops buckets that the last page no longer names', async () => {
    await page(put('a', 1), put('b', 1, 'cell:10'))
    await take(store, { ops: [], cursor: 'd', more: false, checkpoint: { 'cell:10': { count: 1, checksum: '' } } }, null)
    expect(await held()).toEqual(['cell:10 b 1'])
    expect(await store.fact('scope')).toEqual(['cell:10'])
  })

  it('has the digest that the protocol’s page defines', () => {
    expect(digestOf({ entity: 'case', id: 'a', rev: 1 })).toBe(DIGEST_OF_CASE_A_1)
  })
})

/** From `printf 'case a 1' | sha256sum`. */
const DIGEST_OF_CASE_A_1 = 0xb52a0d986d1df385n
