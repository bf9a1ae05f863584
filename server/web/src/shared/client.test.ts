import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

const shelf = new Map<string, string>()
vi.stubGlobal('localStorage', {
  getItem: (name: string) => shelf.get(name) ?? null,
  setItem: (name: string, text: string) => void shelf.set(name, text),
  removeItem: (name: string) => void shelf.delete(name),
})

let asked: { path: string; token: string | undefined }[] = []
let valid = 'new'
let refreshable = true

function answer(body: unknown, status = 200): Response {
  const type = status < 400 ? 'application/json' : 'application/problem+json'
  return new Response(JSON.stringify(body), { status, headers: { 'Content-Type': type } })
}

let working = 0

function later(): Response {
  return new Response('{"state": "being made"}', { status: 202, headers: { 'Retry-After': '1' } })
}

vi.stubGlobal('fetch', (path: string, init: RequestInit = {}) => {
  const token = (init.headers as Record<string, string>).Authorization?.slice(7)
  asked.push({ path, token })
  if (path === '/api/v1/auth/refresh') {
    if (!refreshable) return Promise.resolve(answer({ type: '/problems/token-expired', title: 'x', status: 401 }, 401))
    return Promise.resolve(answer({ access_token: 'new', refresh_token: 'r2', expires_in: 900 }))
  }
  if (path === '/made') return Promise.resolve(working-- > 0 ? later() : new Response('bytes'))
  if (path === '/dead') return Promise.reject(new TypeError('Failed to fetch'))
  if (token !== valid) return Promise.resolve(answer({ type: '/problems/token-expired', title: 'x', status: 401 }, 401))
  return Promise.resolve(answer({ path }))
})

const client = await import('./client')
const refreshes = () => asked.filter((call) => call.path.endsWith('/refresh')).length

beforeEach(() => {
  asked = []
  valid = 'new'
  refreshable = true
  client.holdTokens({ access_token: 'old', refresh_token: 'r1', expires_in: 900 })
})

describe('the client', () => {
  it('refreshes an expired token and asks again, unseen by the page', async () => {
    expect(await client.get('/api/v1/me')).toEqual({ path: '/api/v1/me' })
    expect(asked.map((call) => call.token)).toEqual(['old', undefined, 'new'])
  })

  it('refreshes once when many questions meet the expiry together', async () => {
    await Promise.all(['/a', '/b', '/c'].map((path) => client.get(path)))
    expect(refreshes()).toBe(1)
  })

  it('signs out when the server takes the refresh token no longer', async () => {
    refreshable = false
    const left = vi.fn()
    client.whenSignedOut(left)
    await expect(client.get('/api/v1/me')).rejects.toMatchObject({ status: 401, kind: 'token-expired' })
    expect(left).toHaveBeenCalledOnce()
    expect(client.hasTokens()).toBe(false)
  })

  it('says that nobody answered when the line is down', async () => {
    await expect(client.get('/dead')).rejects.toMatchObject({ status: 0, kind: 'unreachable' })
  })

  it('leaves unset parts out of a query', () => {
    expect(client.withQuery('/x', { a: 1, b: null, c: undefined, d: '', e: '飞线' })).toBe('/x?a=1&e=%E9%A3%9E%E7%BA%BF')
    expect(client.withQuery('/x', {})).toBe('/x')
  })
})

describe('bytes that the server has to make first', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('are asked for again until they are made', async () => {
    working = 2
    const made = client.getMadeBlob('/made')
    await vi.advanceTimersByTimeAsync(2000)

    expect(await (await made).text()).toBe('bytes')
    expect(asked.length).toBe(3)
  })

  it('are given up in the end', async () => {
    working = Infinity
    const refused = expect(client.getMadeBlob('/made')).rejects.toMatchObject({ status: 202 })
    await vi.advanceTimersByTimeAsync(200_000)

    await refused
  })
})
