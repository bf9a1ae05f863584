import { Problem, problemOf, unreachable } from './problem'
import { recall, remember } from './storage'

/** What a sign-in or a refresh answers. */
export interface Tokens {
  access_token: string
  refresh_token: string
  expires_in: number
}

type Query = Record<string, string | number | null | undefined>

let tokens: Tokens | null = stored()
let left = false // signed out while this page was open
let onSignedOut: () => void = () => {}
let absent: string | null = null // in whose place this tab acts
let onStandInEnded: () => void = () => {}
const IN_OWN_NAME = ['/api/v1/auth/', '/api/v1/stand-ins', '/api/v1/notifications']

/** Hold these tokens from now on (null: signed out). They are shared with the other tabs of this browser. */
export function holdTokens(next: Tokens | null): void {
  tokens = next
  left = next === null
  remember('tokens', next && JSON.stringify(next))
}

/** True when a sign-in is remembered; the server may still refuse it. */
export function hasTokens(): boolean {
  return tokens !== null
}

/** Called when the server no longer takes our refresh token. */
export function whenSignedOut(callback: () => void): void {
  onSignedOut = callback
}

/** Act in the place of an absent colleague from now on (null: in one's own name), in this tab alone. */
export function actFor(userId: string | null): void {
  absent = userId
}

/** Called when the server no longer takes us for the stand-in. */
export function whenStandInEnded(callback: () => void): void {
  onStandInEnded = callback
}

/** GET a JSON document as a stand-in sees it, whatever this tab does otherwise. Raises Problem. */
export async function getFor<T>(userId: string, path: string): Promise<T> {
  return (await send(path, { headers: { 'X-On-Behalf-Of': userId } })).json() as Promise<T>
}

/** The access token; for uploads, which bring their own transport. Empty when signed out. */
export function accessToken(): string {
  return tokens?.access_token ?? ''
}

/** GET a JSON document. Raises Problem. */
export async function get<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
  return (await send(withQuery(path, query), { signal })).json() as Promise<T>
}

/** GET bytes (a photo). Raises Problem. */
export async function getBlob(path: string, query: Query = {}, signal?: AbortSignal): Promise<Blob> {
  return (await send(withQuery(path, query), { signal })).blob()
}

const MOST_ASKED = 90

/** GET bytes that the server may have to make first (202): ask again as often as it says to. Raises Problem. */
export async function getMadeBlob(path: string, signal?: AbortSignal): Promise<Blob> {
  for (let asked = 0; asked < MOST_ASKED; asked++) {
    const response = await send(path, { signal })
    if (response.status !== 202) return response.blob()
    await pause(Number(response.headers.get('Retry-After')) || 1)
    signal?.throwIfAborted()
  }
  throw new Problem({
    type: '/problems/not-made-yet',
    title: 'Not made yet',
    status: 202,
    detail: 'The server is still working on it. Try again later.',
    detail_zh: '服务器仍在处理，请稍后再试。',
  })
}

/** POST a JSON document. Raises Problem. */
export async function post<T>(path: string, body: unknown): Promise<T> {
  const headers = { 'Content-Type': 'application/json' }
  return (await send(path, { method: 'POST', headers, body: JSON.stringify(body) })).json() as Promise<T>
}

const FEATURE_TYPES = { GET: '', POST: 'application/geo+json', PATCH: 'application/merge-patch+json', DELETE: '' } as const

/** Read or write a feature; a write of one that stands names by its ETag which state it means. Raises Problem. */
export async function sendFeature(method: keyof typeof FEATURE_TYPES, path: string, { body, etag }: { body?: unknown; etag?: string } = {}): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/geo+json' }
  if (FEATURE_TYPES[method]) headers['Content-Type'] = FEATURE_TYPES[method]
  if (etag) headers['If-Match'] = etag
  return send(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) })
}

/** Send a file as the body itself. Raises Problem. */
export async function sendBytes<T>(method: 'PUT' | 'POST', path: string, file: Blob): Promise<T> {
  const headers = { 'Content-Type': 'application/octet-stream' }
  return (await send(path, { method, headers, body: file })).json() as Promise<T>
}

/** PUT a JSON document. Raises Problem. */
export async function put<T>(path: string, body: unknown): Promise<T> {
  const headers = { 'Content-Type': 'application/json' }
  return (await send(path, { method: 'PUT', headers, body: JSON.stringify(body) })).json() as Promise<T>
}

/** PATCH a JSON document. Raises Problem. */
export async function patch<T>(path: string, body: unknown): Promise<T> {
  const headers = { 'Content-Type': 'application/json' }
  return (await send(path, { method: 'PATCH', headers, body: JSON.stringify(body) })).json() as Promise<T>
}

/** DELETE; answers what the server then says, undefined where it says nothing (204). Raises Problem. */
export async function remove<T>(path: string): Promise<T> {
  const response = await send(path, { method: 'DELETE' })
  return (response.status === 204 ? undefined : await response.json()) as T
}

/** POST bytes with headers of their own, as nobody in particular. Raises Problem. */
export async function unsigned(path: string, body: Blob, headers: Record<string, string>): Promise<void> {
  const response = await reach(path, { method: 'POST', body, headers: { Accept: 'application/json', ...headers } })
  if (!response.ok) throw await problemOf(response)
}

/** POST a form with files. Raises Problem. */
export async function postForm<T>(path: string, form: FormData): Promise<T> {
  return (await send(path, { method: 'POST', body: form })).json() as Promise<T>
}

/**
 * Take new tokens in place of the access token that was refused: once, however many calls and tabs ask.
 * False when signed out.
 */
export async function refresh(refused: string): Promise<boolean> {
  return inTurn(async () => {
    tokens = stored()
    if (!tokens) return false
    if (tokens.access_token !== refused) return true
    return exchange(tokens.refresh_token)
  })
}

let turn: Promise<unknown> = Promise.resolve()

/** One after the other: in all tabs where the browser has locks, else (plain http) within this one. */
function inTurn(work: () => Promise<boolean>): Promise<boolean> {
  const locks = globalThis.navigator?.locks as LockManager | undefined
  if (locks) return locks.request('wangge.refresh', work)
  const mine = turn.then(work, work)
  turn = mine.catch(() => false)
  return mine
}

async function exchange(refreshToken: string): Promise<boolean> {
  const response = await reach('/api/v1/auth/refresh', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ refresh_token: refreshToken }),
  })
  if (response.ok) {
    holdTokens((await response.json()) as Tokens)
    return true
  }
  if (response.status >= 500 || response.status === 429) throw await problemOf(response)
  holdTokens(null)
  return false
}

async function send(path: string, init: RequestInit): Promise<Response> {
  if (left && !path.startsWith('/api/v1/auth/')) throw new DOMException('signed out', 'AbortError')
  const used = tokens?.access_token
  let response = await reach(path, authorised(path, init))
  if (response.status === 401 && used) {
    if (await refresh(used)) response = await reach(path, authorised(path, init))
    else onSignedOut()
  }
  if (response.ok) return response
  const problem = await problemOf(response)
  if (absent && problem.document.type === '/problems/not-standing-in') onStandInEnded()
  throw problem
}

function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000))
}

function authorised(path: string, init: RequestInit): RequestInit {
  const headers: Record<string, string> = { Accept: 'application/json', ...(init.headers as Record<string, string>) }
  if (absent && !IN_OWN_NAME.some((own) => path.startsWith(own))) headers['X-On-Behalf-Of'] ??= absent
  if (tokens) headers.Authorization = `Bearer ${tokens.access_token}`
  return { ...init, headers }
}

async function reach(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, init)
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw unreachable()
  }
}

/** A path with the parts of a query that are set. */
export function withQuery(path: string, query: Query): string {
  const set = Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== '')
  if (set.length === 0) return path
  return `${path}?${new URLSearchParams(set.map(([name, value]) => [name, String(value)]))}`
}

function stored(): Tokens | null {
  const text = recall('tokens')
  try {
    return text ? (JSON.parse(text) as Tokens) : null
  } catch {
    return null
  }
}
