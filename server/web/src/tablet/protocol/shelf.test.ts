import 'fake-indexeddb/auto'
import { afterEach, expect, it } from 'vitest'
import { Damaged } from './errors'
import { uuid7 } from './ids'
import { addPhoto } from './shelf'
import { openStore, type Store } from './store'

const NOW = Date.UTC(2026, 10, 22)
const stores: Store[] = []
afterEach(() => stores.splice(0).forEach((store) => store.close()))

/** A browser that can read none of these. */
const blind = {
  measure: async () => Promise.reject(new Damaged('this browser cannot read the picture')),
  draw: async () => Promise.reject(new Damaged('this browser cannot read the picture')),
}
const ascii = (words: string) => Uint8Array.from(words, (sign) => sign.charCodeAt(0))
const HEIC = [ascii('\0\0\0\x10ftypheic\0\0\0\0'), ascii('\0\0\0\x14meta\0\0\0\0\0\0\0\x08hdlr'), ascii('\0\0\0\x0cmdatAAAA')]

async function aStore(): Promise<Store> {
  const store = await openStore(uuid7())
  stores.push(store)
  return store
}

it('keeps a photo that the browser cannot show, byte for byte', async () => {
  const store = await aStore()

  const photo = await addPhoto(store, blind, new Blob(HEIC, { type: '' }), {}, NOW)

  expect(photo).toMatchObject({ content_type: 'image/heic', size: 48, width: null, state: 'kept' })
  expect(await (await store.blobs.get(photo.sha256))?.blob.text()).toBe(await new Blob(HEIC).text())
})

it.each([
  ['a HEIC that was cut', new Blob(HEIC).slice(0, 44)],
  ['a JPEG that was cut', new Blob([ascii('\xff\xd8\xff\xe0 half of it')])],
])('keeps nothing of %s', async (_, file) => {
  const store = await aStore()

  await expect(addPhoto(store, blind, file, {}, NOW)).rejects.toThrow(Damaged)

  expect(await Promise.all([store.photos, store.blobs, store.thumbs].map((table) => table.count()))).toEqual([0, 0, 0])
})
