import { LineDown, Refused } from './errors'
import type { ProblemDocument } from './records'
import type { Store, Tokens } from './store'
import type { Surroundings } from './surroundings'

const BUSY = new Set([408, 425, 429, 500, 502, 503, 504, 507])
const FIRST_PAUSE_MS = 300
const LONGEST_PAUSE_MS = 10_000
const ANSWER_WITHIN_MS = 120_000
const PATIENCE_MS = 25_000

export interface Asked {
  method?: 'GET' | 'POST'
  headers?: Record<string, string>
  body?: BodyInit
  signal?: AbortSignal
  /** False: nobody in particular asks. */
  signed?: boolean
  /** True: asked once only; it matters less than what comes after it. */
  once?: boolean
}

/** The line of one worker's tablet to the server. Every call of the protocol is safe to repeat, so all are:
 * while the line is down or the server busy, with growing pauses, for as long as its patience lasts. */
export class Line {
  constructor(
    readonly server: string,
    private readonly store: Store,
    private readonly around: Surroundings,
    private readonly patience_ms = PATIENCE_MS,
  ) {}

  /** The answer's JSON. Raises LineDown, Refused. */
  async json<T>(path: string, asked: Asked = {}): Promise<T> {
    return this.#call(path, asked, async (answer) => (await answer.json()) as T)
  }

  /** The answer's bytes. Raises LineDown, Refused. */
  async blob(path: string, asked: Asked = {}): Promise<Blob> {
    return this.#call(path, asked, (answer) => answer.blob())
  }

  /** POST a value. Raises LineDown, Refused. */
  async post<T>(path: string, value: unknown, asked: Asked = {}): Promise<T> {
    const headers = { 'Content-Type': 'application/json' }
    return this.json<T>(path, { ...asked, method: 'POST', headers, body: JSON.stringify(value) })
  }

  /** The access token of this moment; empty before enrolment. */
  async accessToken(): Promise<string> {
    return (await this.store.fact('tokens'))?.access_token ?? ''
  }

  /** Take new tokens for a used-up access token; the old refresh token works until the new one was used, so a
   * lost answer costs nothing. Raises Refused (401): this worker must enrol anew. */
  async renew(used_up: string): Promise<void> {
    await this.around.alone(`wangge-tokens-${this.store.device_id}`, async () => {
      const held = await this.store.fact('tokens')
      if (!held || held.access_token !== used_up) return
      const given = { refresh_token: held.refresh_token }
      const fresh = await this.post<Tokens>('/sync/v1/token', given, { signed: false })
      await this.take(fresh)
    })
  }

  async take({ access_token, refresh_token }: Tokens): Promise<void> {
    await this.store.remember('tokens', { access_token, refresh_token })
  }

  async #call<T>(path: string, asked: Asked, read: (answer: Response) => Promise<T>): Promise<T> {
    const until = this.around.monotonic() + this.patience_ms
    let pause = FIRST_PAUSE_MS
    let renewed = false
    for (;;) {
      const token = asked.signed === false ? '' : await this.accessToken()
      const said = await this.#once(path, asked, token, read)
      if ('value' in said) return said.value
      if (said.problem && said.status === 401 && token !== '' && !renewed) {
        renewed = true
        await this.renew(token)
        continue
      }
      if (said.problem && !BUSY.has(said.status)) throw new Refused(said.status, said.problem)
      const wait = (said.retryAfterMs ?? 0) + pause * (0.5 + this.around.random() / 2)
      if (asked.once || this.around.monotonic() + wait > until) throw new LineDown(said.retryAfterMs)
      await this.around.sleep(wait, asked.signal)
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS)
    }
  }

  async #once<T>(
    path: string,
    { method = 'GET', headers = {}, body, signal }: Asked,
    token: string,
    read: (answer: Response) => Promise<T>,
  ): Promise<{ value: T } | Failed> {
    const late = AbortSignal.timeout(ANSWER_WITHIN_MS)
    try {
      const answer = await this.around.fetch(this.server + path, {
        method,
        headers: { ...headers, ...(token && { Authorization: `Bearer ${token}` }) },
        body,
        signal: signal ? AbortSignal.any([signal, late]) : late,
        cache: 'no-store',
        credentials: 'omit',
        redirect: 'error',
      })
      if (answer.status < 400) return { value: await read(answer) }
      return await failed(answer, this.around.now())
    } catch (error) {
      signal?.throwIfAborted()
      if (error instanceof TypeError || error instanceof SyntaxError || isOfTheLine(error)) return NOTHING_CAME
      throw error
    }
  }
}

interface Failed {
  status: number
  problem: ProblemDocument | null
  retryAfterMs: number | null
}

const NOTHING_CAME: Failed = { status: 0, problem: null, retryAfterMs: null }

/** What a refusal says. One that is no problem document is not the server's: a hotel's page, a cut answer. */
async function failed(answer: Response, now: number): Promise<Failed> {
  const retryAfterMs = pauseAsked(answer.headers.get('Retry-After'), now)
  const told: unknown = await answer.json().catch(() => null)
  const problem = isProblem(told) ? told : answer.status === 413 ? { type: '/problems/payload-too-large' } : null
  return { status: answer.status, problem, retryAfterMs }
}

/** What a Retry-After header asks for, in ms; null where it asks nothing. */
export function pauseAsked(header: string | null | undefined, now: number): number | null {
  if (!header) return null
  const seconds = Number(header)
  const pause = Number.isNaN(seconds) ? Date.parse(header) - now : seconds * 1000
  return Number.isNaN(pause) ? null : Math.max(pause, 0)
}

function isProblem(value: unknown): value is ProblemDocument {
  return typeof value === 'object' && value !== null && typeof (value as ProblemDocument).type === 'string'
}

function isOfTheLine(error: unknown): boolean {
  return error instanceof DOMException && ['AbortError', 'TimeoutError', 'NetworkError'].includes(error.name)
}
