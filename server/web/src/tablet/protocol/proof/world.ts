import type { DBCore, Middleware } from 'dexie'
import type { FileReader, HttpRequest, HttpResponse, HttpStack } from 'tus-js-client'
import { Store, openStore } from '../store'
import { type Battery as Charge, type Surroundings, inTurn } from '../surroundings'
import type { ModelServer, Said } from './model'

/** The world around a tablet in a test: a clock of its own, a line that breaks, and a battery that dies. */

/** Draws numbers from 0 to 1, the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** The tablet's battery died. */
export class Died extends Error {}

/** Counts every step that a tablet takes with its disk and its line, and dies at one of them. */
export class Battery {
  steps_left = Infinity
  dead = false

  step(): void {
    if (!this.dead && this.steps_left-- <= 0) this.dead = true
    if (this.dead) throw new Died('the battery is empty')
  }
}

/** Open a tablet's store as one that may die at any step. */
export async function mortal(device_id: string, battery: Battery): Promise<Store> {
  const dying: Middleware<DBCore> = {
    stack: 'dbcore',
    name: 'battery',
    create: (core) => ({
      ...core,
      table: (name) => {
        const table = core.table(name)
        return {
          ...table,
          mutate: async (request) => {
            battery.step()
            const answer = await table.mutate(request)
            battery.step()
            return answer
          },
        }
      },
    }),
  }
  const store = await openStore(device_id)
  store.use(dying)
  store.close()
  await store.open()
  return store
}

/** How often each of these happens to a request, from 0 to 1. */
export interface Weather {
  lost: number
  unheard: number
  cut: number
  busy: number
}

export const CALM: Weather = { lost: 0, unheard: 0, cut: 0, busy: 0 }
export const STORM: Weather = { lost: 0.08, unheard: 0.08, cut: 0.08, busy: 0.05 }

export class World {
  weather = CALM
  online = true
  metered = false
  room: StorageEstimate = {}
  battery: Charge | null = null
  now_ms = Date.parse('2026-11-22T00:00:00Z')
  requests = 0
  /** The pages are kept for when there is no line. */
  pages = true

  constructor(
    readonly server: ModelServer,
    private readonly draw: () => number,
  ) {}

  around(battery: Battery): Surroundings {
    const asking = (url: string, init: RequestInit) => this.#carry(url, init, battery)
    return {
      fetch: (url, init = {}) => asking(String(url), init),
      now: () => this.now_ms,
      monotonic: () => this.now_ms,
      random: this.draw,
      sleep: async (ms) => {
        battery.step()
        this.now_ms += ms
      },
      alone: inTurn,
      isTaken: async () => false,
      isOnline: () => this.online,
      isMetered: () => this.metered,
      room: async () => this.room,
      battery: async () => this.battery,
      forgetPages: async () => void (this.pages = false),
      tus: { httpStack: new FetchStack(asking), fileReader: new BlobReader() },
    }
  }

  async #carry(url: string, init: RequestInit, battery: Battery): Promise<Response> {
    battery.step()
    this.requests++
    this.now_ms += 20
    const path = url.replace(/^https?:\/\/[^/]+/, '')
    const headers = Object.fromEntries([...new Headers(init.headers)])
    let body = new Uint8Array(await new Response(init.body ?? null).arrayBuffer())
    if (headers['content-encoding'] === 'gzip') body = await inflated(body)
    const method = init.method ?? 'GET'
    const fate = this.online ? this.#fate() : 'lost'
    if (fate === 'lost') throw new TypeError('fetch failed')
    if (fate === 'busy') return responseOf({ status: 503, headers: { 'Retry-After': '1' }, body: { type: '/problems/busy' } })
    const whole = body.length
    // What streams in counts up to the cut; any other body that is cut is not there.
    const streams = path.startsWith('/sync/v1/uploads') && (method === 'PATCH' || method === 'POST')
    if (fate === 'cut' && streams) body = body.slice(0, Math.floor(this.draw() * whole))
    else if (fate === 'cut' && this.draw() < 0.5) throw new TypeError('fetch failed')
    const said = this.server.answer({ method, path, headers, body })
    battery.step()
    if (fate === 'unheard' || (fate === 'cut' && streams)) throw new TypeError('fetch failed')
    return responseOf(said, fate === 'cut')
  }

  #fate(): keyof Weather | 'through' {
    let drawn = this.draw()
    for (const [fate, chance] of Object.entries(this.weather) as [keyof Weather, number][]) {
      if (drawn < chance) return fate
      drawn -= chance
    }
    return 'through'
  }
}

function responseOf({ status, headers = {}, body }: Said, cut = false): Response {
  const text = body === undefined ? null : JSON.stringify(body)
  const told = { 'Content-Type': 'application/json', ...headers }
  return new Response(cut && text ? text.slice(0, text.length / 2) : text, { status, headers: told })
}

async function inflated(body: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([body]).stream().pipeThrough(new DecompressionStream('gzip'))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}

type Asking = (url: string, init: RequestInit) => Promise<Response>

/** Lets tus send by fetch, where there is no XMLHttpRequest. */
export class FetchStack implements HttpStack {
  constructor(private readonly asking: Asking) {}

  getName(): string {
    return 'fetch'
  }

  createRequest(method: string, url: string): HttpRequest {
    const headers: Record<string, string> = {}
    const stop = new AbortController()
    let progress = (_: number) => {}
    return {
      getMethod: () => method,
      getURL: () => url,
      setHeader: (name, value) => void (headers[name] = value),
      getHeader: (name) => headers[name],
      setProgressHandler: (told) => void (progress = told),
      send: async (body: Blob | null) => {
        const answer = await this.asking(url, { method, headers, body, signal: stop.signal })
        const text = await answer.text()
        progress(body?.size ?? 0)
        return {
          getStatus: () => answer.status,
          getHeader: (name: string) => answer.headers.get(name) ?? undefined,
          getBody: () => text,
          getUnderlyingObject: () => answer,
        } as HttpResponse
      },
      abort: async () => stop.abort(),
      getUnderlyingObject: () => null,
    }
  }
}

/** Lets tus read blobs, where its own reader knows only files. */
export class BlobReader implements FileReader {
  async openFile(blob: Blob) {
    return {
      size: blob.size,
      slice: async (start: number, end: number) => ({ value: blob.slice(start, end), done: end >= blob.size }),
      close: () => {},
    }
  }
}
