import type { NewPhoto, Photo, PhotoShelf } from './contract'
import { Damaged, NotAPicture, QuotaFull, TooLarge } from './errors'
import { HEAD_BYTES, exifSegment, takenAt, withExif } from './exif'
import { heicExif, isWhole } from './heif'
import type { Line } from './line'
import { type Pictures, kindOf } from './pictures'
import { here } from './seen'
import { sha256Of } from './sha256'
import type { PhotoRow, Store } from './store'

const LONG_SIDE_PX = 2560
const QUALITY = 0.85
const THUMBNAIL_PX = 320
const THUMBNAIL_QUALITY = 0.7
const SEEN_AT_MOST = 200
const HEIC = 'image/heic'

/** Keep a photo; the work is done where this is called, so call it in a worker.
 * Raises NotAPicture, Damaged, TooLarge, QuotaFull. */
export async function addPhoto(store: Store, pictures: Pictures, file: Blob, how: NewPhoto, now: number): Promise<Photo> {
  const head = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer())
  const kind = kindOf(head)
  if (kind === null) throw new NotAPicture('neither JPEG, PNG, WebP nor HEIC')
  const whole = file.type === kind ? file : file.slice(0, file.size, kind)
  const { max_photo_bytes } = await store.limits()
  const exif = kind === HEIC ? heicExif(new Uint8Array(await file.slice(0, max_photo_bytes).arrayBuffer())) : exifSegment(head)
  const { blob, width, height } = await sized(pictures, whole, exif, how.shrink ?? true)
  if (blob.size > max_photo_bytes) throw new TooLarge(max_photo_bytes)
  const sha256 = await sha256Of(blob)
  const row: PhotoRow = {
    sha256,
    content_type: blob.type,
    size: blob.size,
    width,
    height,
    taken_at: how.taken_at ?? (exif && takenAt(exif)),
    added_at: new Date(now).toISOString(),
    state: 'kept',
    upload_url: null,
    sent_bytes: 0,
    arrived_at: null,
    problem: null,
  }
  return keep(store, row, blob, width === null ? null : await pictures.draw(blob, THUMBNAIL_PX, THUMBNAIL_QUALITY))
}

async function keep(store: Store, row: PhotoRow, blob: Blob, thumbnail: { blob: Blob } | null): Promise<Photo> {
  const { sha256 } = row
  try {
    return await store.transaction('rw', store.photos, store.blobs, store.thumbs, async () => {
      const before = await store.photos.get(sha256)
      await store.blobs.put({ sha256, blob })
      if (thumbnail) await store.thumbs.put({ sha256, blob: thumbnail.blob })
      if (!before) await store.photos.add(row)
      return photoOf(before ?? row)
    })
  } catch (error) {
    if (isQuota(error)) throw new QuotaFull('the browser gives no more room')
    throw error
  }
}

interface Sized {
  blob: Blob
  width: number | null
  height: number | null
}

/** The picture as it is kept. One that this browser cannot read (HEIC, mostly) is kept byte for byte. */
async function sized(pictures: Pictures, file: Blob, exif: Uint8Array | null, shrink: boolean): Promise<Sized> {
  try {
    const { width, height } = await pictures.measure(file)
    if (!shrink || Math.max(width, height) <= LONG_SIDE_PX) return { blob: file, width, height }
    const drawn = await pictures.draw(file, LONG_SIDE_PX, QUALITY)
    if (!exif) return drawn
    return { ...drawn, blob: withExif(drawn.blob, exif as Uint8Array<ArrayBuffer>) }
  } catch (error) {
    if (error instanceof Damaged && file.type === HEIC && (await isWhole(file))) return { blob: file, width: null, height: null }
    throw error
  }
}

/** The photos of one store, for pages. */
export class Shelf implements PhotoShelf {
  constructor(
    private readonly store: Store,
    private readonly line: Line,
    private readonly now: () => number,
    readonly add: PhotoShelf['add'],
  ) {}

  async get(sha256: string): Promise<Photo | undefined> {
    const row = await this.store.photos.get(sha256)
    return row && photoOf(row)
  }

  async blob(sha256: string): Promise<Blob | undefined> {
    const own = await this.store.photos.get(sha256)
    const unshown = own !== undefined && own.width === null
    return unshown ? (await this.store.seen.get(sha256))?.blob : here(this.store, sha256)
  }

  async thumbnail(sha256: string): Promise<Blob | undefined> {
    return (await this.store.thumbs.get(sha256))?.blob ?? this.blob(sha256)
  }

  async seen(sha256: string, px: 240 | 640 | 1280 = 640): Promise<Blob> {
    const held = await this.blob(sha256)
    if (held) return held
    const blob = await this.line.blob(`/sync/v1/photos/${sha256}?px=${px}`)
    if (px === 1280 && blob.type !== HEIC) await this.#remember(sha256, blob) // before it was made smaller, the server has the original only
    return blob
  }

  async discard(sha256: string): Promise<void> {
    await discardPhotos(this.store, [sha256])
  }

  async #remember(sha256: string, blob: Blob): Promise<void> {
    await this.store.transaction('rw', this.store.seen, async () => {
      await this.store.seen.put({ sha256, blob, fetched_at: this.now(), wanted: 0 })
      const known = (await this.store.seen.where('wanted').equals(0).toArray()).sort((a, b) => b.fetched_at - a.fetched_at)
      await this.store.seen.bulkDelete(known.slice(SEEN_AT_MOST).map((row) => row.sha256))
    })
  }
}

/** Forget those of these photos that neither an item nor a draft names. */
export async function discardPhotos(store: Store, digests: string[]): Promise<void> {
  const { photos, blobs, thumbs, drafts } = store
  await store.transaction('rw', photos, blobs, thumbs, drafts, async () => {
    const named = new Set((await drafts.where('photos').anyOf(digests).toArray()).flatMap((draft) => draft.photos))
    const rows = (await photos.bulkGet(digests)).filter((row) => row?.state === 'kept' && !named.has(row.sha256))
    const gone = rows.map((row) => row!.sha256)
    await Promise.all([photos.bulkDelete(gone), blobs.bulkDelete(gone), thumbs.bulkDelete(gone)])
  })
}

function photoOf(row: PhotoRow): Photo {
  const { upload_url, arrived_at: _, ...rest } = row
  return { ...rest, state: row.state === 'waiting' && upload_url !== null ? 'uploading' : row.state }
}

function isQuota(error: unknown): boolean {
  const inner = (error as { inner?: { name?: string } }).inner
  return [(error as Error).name, inner?.name].includes('QuotaExceededError')
}
