import { createHash } from 'node:crypto'
import type { Condition } from '../condition'
import type { WipeOrder } from '../wiping'
import type { OutcomeRecord, ProblemDocument, Status, Warning } from '../records'

/** A server that keeps the protocol's promises, small enough to be read: what the tablet's laws are tried upon. */

interface Kept {
  mid: string
  seq: number
  type: string
  entity_id: string
  status: Status
  digest: string
}

interface Verdict {
  status?: Status
  warnings: Warning[]
  problem: ProblemDocument | null
  current: unknown
}

interface Row {
  bucket: string
  entity: string
  id: string
  change_no: number
  version: number
  rev: number
  mid: string | null
  alive: boolean
  data: Record<string, unknown>
}

interface State {
  acked: number
  items: Record<number, Kept>
  /** How often each item took effect. */
  effects: Record<string, number>
  photos: Record<string, number>
  uploads: Record<string, { sha256: string; size: number; bytes: Uint8Array }>
  rows: Row[]
  change_no: number
  epoch: number
  made: number
}

export interface Asked {
  method: string
  path: string
  headers: Record<string, string>
  body: Uint8Array
}

export interface Said {
  status: number
  headers?: Record<string, string>
  body?: unknown
}

const MIDDLE = 2n ** 64n

export class ModelServer {
  state: State = { acked: 0, items: {}, effects: {}, photos: {}, uploads: {}, rows: [], change_no: 0, epoch: 1, made: 0 }
  scope = ['cell:1', 'global', 'user:w']
  code = '23AB-CDEF-GHJK'
  /** Whose a code is, and which device has used it. */
  codes: Record<string, { owner: string; device: string | null }> = { [this.code]: { owner: 'walker', device: null } }
  devices: Record<string, string> = {}
  device: string | null = null
  revoked = false
  tokens = { access: 'a1', refresh: 'r1' }
  page = 4
  versions = [1]
  /** What becomes of the next items, before anything else is thought of. */
  verdicts: Partial<Verdict>[] = []
  /** Asked for this many seconds of peace. */
  busy_s = 0
  /** What the tablet told of itself, the newest last. */
  reports: Condition[] = []
  hears_reports = true
  refuses_push = false
  once_said = (_state: string) => {}
  /** The order to erase itself, and what the tablet said of it. */
  wipe: WipeOrder | null = null
  said: { state: string; left?: Record<string, number> }[] = []
  /** Bytes of photos that were handed on. */
  uploaded = 0

  constructor(private readonly now: () => number) {}

  /** A copy of all that a backup holds. */
  backup(): State {
    return structuredClone(this.state)
  }

  /** Set the server back: its history goes on as another one. */
  restore(state: State): void {
    const epoch = this.state.epoch + 1
    this.state = { ...structuredClone(state), epoch }
  }

  put(bucket: string, entity: string, id: string, data: Record<string, unknown>, mid: string | null = null): void {
    const before = this.state.rows.find((row) => row.bucket === bucket && row.entity === entity && row.id === id)
    const [rev, version] = [(before?.rev ?? 0) + 1, (before?.version ?? 0) + 1]
    this.state.rows = this.state.rows.filter((row) => row !== before)
    this.state.rows.push({ bucket, entity, id, change_no: ++this.state.change_no, version, rev, mid, alive: true, data })
  }

  remove(bucket: string, entity: string, id: string): void {
    const row = this.state.rows.find((one) => one.bucket === bucket && one.entity === entity && one.id === id)
    if (row) Object.assign(row, { alive: false, change_no: ++this.state.change_no, rev: row.rev + 1 })
  }

  /** Let what is held go on. */
  release(): void {
    for (const item of Object.values(this.state.items)) {
      if (item.status !== 'held') continue
      item.status = 'applied'
      this.#effect(item)
      const { mid, seq, type, entity_id } = item
      const told = { mid, seq, type, entity_id, status: item.status, version: 1, problem: null, used_twice: false }
      this.put('user:w', 'outcome', mid, { ...told, device_id: this.device! } satisfies Partial<OutcomeRecord>, mid)
    }
  }

  /** What a tablet of this scope should hold. */
  alive(): string[] {
    const followed = this.state.rows.filter((row) => row.alive && this.scope.includes(row.bucket))
    return followed.map(({ bucket, entity, id, rev }) => `${bucket} ${entity} ${id} ${rev}`).sort()
  }

  answer(asked: Asked): Said {
    const [path, query] = asked.path.split('?') as [string, string?]
    const body = <T>() => JSON.parse(new TextDecoder().decode(asked.body)) as T
    if (this.busy_s > 0) return { ...problem(429, 'too-many'), headers: { 'Retry-After': String(this.busy_s) } }
    if (path === '/sync/v1/devices') return this.#enrol(body())
    if (path === '/sync/v1/token') return this.#renew(body())
    if (asked.headers.authorization !== `Bearer ${this.tokens.access}`) return problem(401, 'token-expired')
    if (path === '/api/v1/me') return { status: 200, body: ME }
    if (path === '/sync/v1/config') return { status: 200, body: this.#config() }
    if (path.startsWith('/sync/v1/wipes/')) return this.#wipe(path.slice('/sync/v1/wipes/'.length), body())
    if (path === '/sync/v1/report') return this.#report(body())
    if (path === '/sync/v1/push') return this.#push(body())
    if (path === '/sync/v1/photos/have') return this.#have(body<{ sha256: string[] }>().sha256)
    if (path === '/sync/v1/pull') return this.revoked ? problem(403, 'device-revoked') : this.#pull(new URLSearchParams(query))
    if (path.startsWith('/sync/v1/uploads')) return this.#upload(path.slice('/sync/v1/uploads/'.length), asked)
    return problem(404, 'not-found')
  }

  #enrol({ device_id, enrolment_code }: Record<string, string>): Said {
    const code = this.codes[enrolment_code!]
    const others = code && ![null, device_id].includes(code.device)
    const of_another = code && (this.devices[device_id!] ?? code.owner) !== code.owner
    if (!code || others || of_another) return problem(422, 'enrolment-code-invalid')
    code.device = this.device = device_id!
    this.devices[device_id!] = code.owner
    return { status: 201, body: { device_id, ...this.#tokens(), expires_in: 3600 } }
  }

  #renew({ refresh_token }: Record<string, string>): Said {
    if (refresh_token !== this.tokens.refresh) return problem(401, 'token-expired')
    this.tokens.access = `a${Math.floor(this.now())}-${++this.state.made}`
    return { status: 200, body: { ...this.#tokens(), expires_in: 3600 } }
  }

  #tokens() {
    return { access_token: this.tokens.access, refresh_token: this.tokens.refresh }
  }

  #config() {
    const now = this.now()
    const sizes = { max_mutations: 3, max_inflated_bytes: 1_000_000, max_photo_bytes: 1_000_000, device_uploads_at_once: 2 }
    const times = { server_time: new Date(now).toISOString(), next_sync_after: new Date(now + 600_000).toISOString() }
    return { ...sizes, ...times, protocol_versions: this.versions, wipe: this.wipe }
  }

  #wipe(wipe_id: string, told: { state: string; left?: Record<string, number> }): Said {
    if (this.wipe?.wipe_id !== wipe_id && this.said.at(-1)?.state !== 'erased') return problem(409, 'wipe-withdrawn')
    this.said.push(told)
    this.once_said(told.state)
    if (told.state === 'erased') this.wipe = null
    return { status: 200, body: { received_at: new Date(this.now()).toISOString() } }
  }

  #report(told: Condition): Said {
    if (!this.hears_reports) return problem(404, 'not-found')
    this.reports.push(told)
    return { status: 200, body: { received_at: new Date(this.now()).toISOString() } }
  }

  #push({ first_seq, mutations }: { first_seq: number; mutations: (Kept & { data: object })[] }): Said {
    if (this.refuses_push) return problem(422, 'invalid-input')
    if (first_seq > this.state.acked + 1) return problem(409, 'seq-gap', { expected_seq: this.state.acked + 1 })
    const results = mutations.map((sent) => this.#item(sent))
    while (this.state.items[this.state.acked + 1]) this.state.acked++
    const times = { received_at: new Date(this.now()).toISOString(), clock_offset_ms: 0 }
    return { status: 200, body: { ...times, acked_through: this.state.acked, results, receipt: 'signed' } }
  }

  #item(sent: Kept & { data: object }) {
    const digest = createHash('sha256').update(JSON.stringify(sent)).digest('hex')
    const before = this.state.items[sent.seq]
    const replayed = before?.digest === digest
    const usual: Status = this.revoked ? 'quarantined' : sent.type === 'track.append' ? 'held' : 'applied'
    const verdict: Verdict = { warnings: [], problem: null, current: null, ...(before ? null : this.verdicts.shift()) }
    const status = before && !replayed ? 'quarantined' : (verdict.status ?? usual)
    if (!before) this.#keep({ ...sent, status, digest })
    return { mid: sent.mid, seq: sent.seq, entity_id: sent.entity_id, version: 1, missing_photos: [], replayed, ...verdict, status }
  }

  #keep(item: Kept & { data?: object }): void {
    if (item.type === 'device.gap') {
      const { from, to } = item.data as { from: number; to: number }
      for (let seq = from; seq <= to; seq++) this.state.items[seq] = { ...item, seq }
      return
    }
    this.state.items[item.seq] = item
    if (item.status === 'applied') this.#effect(item)
  }

  #effect({ mid, entity_id }: Kept): void {
    this.state.effects[mid] = (this.state.effects[mid] ?? 0) + 1
    this.put('cell:1', 'case', entity_id, { community_id: 'c' }, mid)
  }

  #have(digests: string[]): Said {
    const missing = digests.filter((sha256) => !(sha256 in this.state.photos))
    const open = Object.entries(this.state.uploads).filter(([, { sha256, bytes }]) => missing.includes(sha256) && bytes.length > 0)
    const partial = open.map(([id, { sha256, bytes }]) => [sha256, { offset: bytes.length, url: `/sync/v1/uploads/${id}` }])
    return { status: 200, body: { missing, partial: Object.fromEntries(partial) } }
  }

  #upload(id: string, { method, headers, body }: Asked): Said {
    if (method === 'POST') {
      const told = Object.fromEntries(headers['upload-metadata']!.split(',').map((pair) => pair.split(' ')))
      const sha256 = atob(told.sha256!)
      id = `u${++this.state.made}`
      this.state.uploads[id] = { sha256, size: Number(headers['upload-length']), bytes: new Uint8Array() }
    }
    const upload = this.state.uploads[id]
    if (!upload) return problem(404, 'not-found')
    if (method === 'PATCH' && Number(headers['upload-offset']) !== upload.bytes.length) return problem(409, 'offset-mismatch')
    upload.bytes = new Uint8Array([...upload.bytes, ...body])
    this.uploaded += body.length
    const stands = { 'Upload-Offset': String(upload.bytes.length), 'Upload-Length': String(upload.size), 'Tus-Resumable': '1.0.0' }
    if (upload.bytes.length === upload.size) {
      const whole = createHash('sha256').update(upload.bytes).digest('hex') === upload.sha256
      if (!whole) delete this.state.uploads[id]
      if (!whole) return problem(460, 'checksum-mismatch')
      this.state.photos[upload.sha256] ??= upload.size
    }
    if (method === 'POST') return { status: 201, headers: { ...stands, Location: `/sync/v1/uploads/${id}` } }
    return { status: method === 'HEAD' ? 200 : 204, headers: stands }
  }

  #pull(query: URLSearchParams): Said {
    const scope = [...this.scope].sort()
    const start = { epoch: this.state.epoch, at: 0, scope, won: [] as string[] }
    const given = query.get('cursor')
    let cursor = given ? (JSON.parse(atob(given)) as typeof start) : start
    const evicted = cursor.scope.filter((bucket) => !scope.includes(bucket)).map((bucket) => ({ op: 'evict', bucket }))
    if (cursor.epoch !== this.state.epoch) return this.#page(evicted, start, true, scope)
    const asked = query.get('resync')
    const won = scope.filter((bucket) => bucket === asked || !cursor.scope.includes(bucket) || cursor.won.includes(bucket))
    cursor = { ...cursor, scope, won: [] }
    const anew = this.state.rows.filter((row) => won.includes(row.bucket) && row.change_no <= cursor.at && row.alive)
    const log = this.state.rows
      .filter((row) => scope.includes(row.bucket) && row.change_no > cursor.at)
      .sort((one, other) => one.change_no - other.change_no)
    const some = log.slice(0, this.page)
    const more = some.length < log.length
    const ops = [...evicted, ...[...anew, ...some].map(opOf)]
    return this.#page(ops, { ...cursor, at: some.at(-1)?.change_no ?? cursor.at }, more, null)
  }

  #page(ops: object[], cursor: object, more: boolean, resync: string[] | null): Said {
    const checkpoint = more ? null : Object.fromEntries(this.scope.map((bucket) => [bucket, this.#sum(bucket)]))
    return { status: 200, body: { ops, cursor: btoa(JSON.stringify(cursor)), more, checkpoint, ...(resync && { resync }) } }
  }

  #sum(bucket: string) {
    const alive = this.state.rows.filter((row) => row.alive && row.bucket === bucket)
    const digests = alive.map(({ entity, id, rev }) => createHash('sha256').update(`${entity} ${id} ${rev}`).digest('hex'))
    const sum = digests.reduce((total, digest) => total + BigInt(`0x${digest.slice(0, 16)}`), 0n) % MIDDLE
    return { count: alive.length, checksum: sum.toString(16).padStart(16, '0') }
  }
}

const UNIT = { code: 'u', name_zh: '单位' }
const ME = { user_id: 'w', username: 'walker', display_name: '王', role: 'grid_worker', rights: { 'case.report': 'cells' }, unit: UNIT }

function opOf({ alive, bucket, entity, id, version, rev, mid, data }: Row): object {
  const told = { bucket, entity, id, version, rev }
  return alive ? { op: 'put', ...told, mid, data } : { op: 'tombstone', ...told }
}

function problem(status: number, kind: string, extra: object = {}): Said {
  return { status, body: { type: `/problems/${kind}`, title: kind, status, ...extra } }
}
