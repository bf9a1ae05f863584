import { type DetailedError, Upload } from 'tus-js-client'
import { LineDown, Refused } from './errors'
import { type Line, pauseAsked } from './line'
import type { ProblemDocument } from './records'
import type { PhotoRow, Store } from './store'
import type { Surroundings } from './surroundings'

const PATH = '/sync/v1/uploads'
const HAVE_AT_ONCE = 200
const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 8000
const TRIES_WITHOUT_PROGRESS = 6
const LONGEST_WAIT_MS = 15_000
const GONE = new Set([403, 404, 410])
const NEVER = new Set([400, 413, 415, 422])
const BROKEN_ON_THE_WAY = 460
const KEPT_EVERY_MS = 500

interface Have {
  missing: string[]
  partial: Record<string, { offset: number; url: string }>
}

/** Brings waiting photos to the server by tus: each goes on where it broke off, also after the tablet died. */
export class Uploads {
  constructor(
    private readonly line: Line,
    private readonly store: Store,
    private readonly around: Surroundings,
    private readonly signal: AbortSignal,
    private readonly told: (sha256: string, sent_bytes: number) => void,
  ) {}

  /** Bring all, a few at a time. Raises LineDown, Refused. */
  async all(at_once: number): Promise<void> {
    const waiting = await this.#waiting()
    for (let at = 0; at < waiting.length; at += HAVE_AT_ONCE) await this.#ask(waiting.slice(at, at + HAVE_AT_ONCE))
    const left = (await this.#waiting()).values()
    const hands = Array.from({ length: at_once }, async () => {
      for (const sha256 of left) await this.#bring(sha256)
    })
    const ended = await Promise.allSettled(hands)
    for (const hand of ended) if (hand.status === 'rejected') throw hand.reason
  }

  async #waiting(): Promise<string[]> {
    const found = await this.store.photos.where('state').equals('waiting').sortBy('added_at')
    return found.map((photo) => photo.sha256)
  }

  /** Learn what the server holds, and where unfinished uploads go on. A switched-off tablet is not told. */
  async #ask(digests: string[]): Promise<void> {
    let have: Have
    try {
      have = await this.line.post<Have>('/sync/v1/photos/have', { sha256: digests }, { signal: this.signal })
    } catch (error) {
      if (error instanceof Refused && error.kind === 'device-revoked') return
      throw error
    }
    const missing = new Set(have.missing)
    for (const sha256 of digests) {
      const partial = have.partial[sha256]
      if (!missing.has(sha256)) await this.#arrived(sha256)
      else if (partial) await this.store.photos.update(sha256, { upload_url: partial.url, sent_bytes: partial.offset })
    }
  }

  async #bring(sha256: string): Promise<void> {
    let [tries, furthest, renewed, anew] = [0, 0, false, 0]
    for (;;) {
      this.signal.throwIfAborted()
      const row = await this.store.photos.get(sha256)
      if (row?.state !== 'waiting') return
      if (tries > 0 && row.upload_url === null) await this.#ask([sha256])
      const token = await this.line.accessToken()
      const end = await this.#attempt((await this.store.photos.get(sha256))!, token)
      if (end === null) return this.#arrived(sha256)
      const { status } = end
      if (status === 401 && !renewed) {
        renewed = true
        await this.line.renew(token)
      } else if (status === 401) throw new Refused(status, end.problem)
      else if (NEVER.has(status) || (status === BROKEN_ON_THE_WAY && anew >= 2)) return this.#refused(sha256, end.problem)
      else if (GONE.has(status) || status === BROKEN_ON_THE_WAY) {
        if (row.upload_url === null && status === 403) throw new Refused(status, end.problem)
        anew += 1
        if (anew > TRIES_WITHOUT_PROGRESS) throw new LineDown()
        await this.store.photos.update(sha256, { upload_url: null, sent_bytes: 0 })
      } else {
        if (end.reached > furthest) [tries, furthest] = [0, end.reached]
        if (++tries > TRIES_WITHOUT_PROGRESS || (end.retryAfterMs ?? 0) > LONGEST_WAIT_MS) throw new LineDown(end.retryAfterMs)
        const pause = Math.min(FIRST_PAUSE_MS * 2 ** (tries - 1), LONGEST_PAUSE_MS)
        await this.around.sleep((end.retryAfterMs ?? 0) + pause * (0.5 + this.around.random() / 2), this.signal)
      }
    }
  }

  /** Send once, from where it stands; null when the server has it whole. */
  async #attempt(row: PhotoRow, token: string): Promise<Broken | null> {
    const kept = await this.store.blobs.get(row.sha256)
    if (!kept) return { ...NOTHING, status: 422, problem: { type: 'about:blank', title: 'no longer on this tablet' } }
    let reached = row.sent_bytes
    let kept_at = 0
    return new Promise((resolve, reject) => {
      const fresh = row.upload_url === null
      const upload: Upload = new Upload(kept.blob, {
        ...this.around.tus,
        ...(fresh
          ? { endpoint: this.line.server + PATH, uploadDataDuringCreation: true }
          : { uploadUrl: new URL(row.upload_url!, this.line.server || location.origin).href }),
        uploadSize: row.size,
        metadata: { sha256: row.sha256, filetype: row.content_type },
        headers: { Authorization: `Bearer ${token}` },
        retryDelays: null, // this class tries again: it knows what each refusal asks for
        storeFingerprintForResuming: false,
        onUploadUrlAvailable: () => {
          if (fresh) keep(this.store.photos.update(row.sha256, { upload_url: new URL(upload.url!).pathname }))
        },
        onProgress: (sent) => {
          reached = sent
          this.told(row.sha256, sent)
          if (this.around.now() - kept_at < KEPT_EVERY_MS) return
          kept_at = this.around.now()
          keep(this.store.photos.update(row.sha256, { sent_bytes: sent }))
        },
        onSuccess: () => settle(() => resolve(null)),
        onError: (error) => settle(() => resolve(broken(error, reached, this.around.now()))),
      })
      const writes: PromiseLike<unknown>[] = []
      const keep = (write: PromiseLike<unknown>) => {
        writes.push(write)
        write.then(undefined, reject)
      }
      const stop = () => void upload.abort().then(() => settle(() => reject(this.signal.reason)))
      const settle = (end: () => void) => {
        this.signal.removeEventListener('abort', stop)
        Promise.all(writes).then(end, reject)
      }
      this.signal.addEventListener('abort', stop, { once: true })
      upload.start()
    })
  }

  async #arrived(sha256: string): Promise<void> {
    const row = await this.store.photos.get(sha256)
    this.told(sha256, row?.size ?? 0)
    const arrived = { state: 'arrived', arrived_at: this.around.now(), upload_url: null, problem: null } as const
    await this.store.photos.update(sha256, { ...arrived, sent_bytes: row?.size ?? 0 })
  }

  async #refused(sha256: string, problem: ProblemDocument): Promise<void> {
    await this.store.photos.update(sha256, { state: 'refused', problem, upload_url: null })
  }
}

interface Broken {
  /** 0: no answer came. */
  status: number
  problem: ProblemDocument
  retryAfterMs: number | null
  reached: number
}

const NOTHING: Broken = { status: 0, problem: { type: 'about:blank' }, retryAfterMs: null, reached: 0 }

function broken(error: Error | DetailedError, reached: number, now: number): Broken {
  const answer = 'originalResponse' in error ? error.originalResponse : null
  if (!answer) return { ...NOTHING, reached }
  const retryAfterMs = pauseAsked(answer.getHeader('Retry-After'), now)
  return { status: answer.getStatus(), problem: problemIn(answer.getBody()), retryAfterMs, reached }
}

function problemIn(body: string): ProblemDocument {
  try {
    const told = JSON.parse(body) as ProblemDocument
    if (typeof told?.type === 'string') return told
  } catch {
    // not the server's own words
  }
  return { type: 'about:blank' }
}
