import 'fake-indexeddb/auto'
import { afterEach, describe, expect, it } from 'vitest'
import type { Tablet } from '../contract'
import { LineDown, NotAPicture, OtherServer, Refused, StillWaiting, TooLarge } from '../errors'
import { OwnHands } from '../hands'
import { uuid7 } from '../ids'
import { People } from '../people'
import { openStore } from '../store'
import { SharedTablet } from '../tablets'
import { ModelServer } from './model'
import { Battery, CALM, World, seeded } from './world'

const SERVER = 'https://wangge.test'
const CASE = { community_id: 'c', state: 'checking', category: 'lift' }
const REPORT = { category: 'lift', community_id: 'c' }
const opened: Tablet[] = []

const pictures = {
  measure: async () => ({ width: 40, height: 30 }),
  draw: async () => ({ blob: new Blob(['small']), width: 4, height: 3 }),
}

/** A tablet nobody has enrolled on, and the server behind it. */
function aWorld() {
  const server: ModelServer = new ModelServer(() => world.now_ms)
  const world = new World(server, seeded(1))
  const around = world.around(new Battery())
  const hands = new OwnHands(around, pictures)
  const people = new People(`people-${uuid7()}`)
  const here = new SharedTablet({ around, hands, people, opened: openStore, server: SERVER, platform: 'test' })
  return { server, world, here }
}

async function enrolled() {
  const found = aWorld()
  const tablet = await found.here.enrol(found.server.code, 'tablet 7')
  tablet.sync.stop()
  opened.push(tablet)
  return { ...found, tablet }
}

function jpeg(seed: number): Blob {
  return new Blob([Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, seed, 1, 2, 3])], { type: 'image/jpeg' })
}

afterEach(() => opened.splice(0).forEach((tablet) => tablet.close()))

describe('enrolment', () => {
  it('goes on after a lost answer, with the same device', async () => {
    const { here, server, world } = aWorld()
    world.weather = { ...CALM, unheard: 1 }
    await expect(here.enrol(server.code, 'tablet 7')).rejects.toThrow(LineDown)
    expect(server.device).not.toBeNull()
    world.weather = CALM
    const tablet = await here.enrol(server.code, 'tablet 7')
    opened.push(tablet)

    expect(tablet.person).toMatchObject({ device_id: server.device, username: 'walker', name: '王', unit_code: 'u' })
    expect((await here.resume())?.person.device_id).toBe(server.device)
  })

  it('says no to a wrong code, and to the code of another server', async () => {
    const { here } = aWorld()
    await expect(here.enrol('ZZZZ-ZZZZ-ZZZZ', 't')).rejects.toMatchObject({ kind: 'enrolment-code-invalid' })
    await expect(here.enrol('https://elsewhere.test/tablet/#enrol=ZZZZ-ZZZZ-ZZZZ', 't')).rejects.toThrow(OtherServer)
    expect(await here.people()).toEqual([])
  })

  it('lets a signed-out worker go on with the work that waits', async () => {
    const { here, server, tablet } = await enrolled()
    await tablet.outbox.enqueue({ type: 'case.report', data: REPORT })
    server.tokens = { access: 'other', refresh: 'other' }
    expect((await tablet.sync.now()).stop).toBe('signed-out')
    const again = await here.enrol(server.code, 'tablet 7')
    opened.push(again)
    await again.sync.now()

    expect(again.person.device_id).toBe(tablet.person.device_id)
    expect(Object.values(server.state.effects)).toEqual([1])
  })
})

describe('a tablet of several workers', () => {
  it('hands in what the one before left, and forgets nobody whose work waits', async () => {
    const { here, server, tablet } = await enrolled()
    await tablet.outbox.enqueue({ type: 'case.report', data: REPORT })
    await expect(here.forget(tablet.person.device_id)).rejects.toThrow(StillWaiting)
    const first = server.device
    server.codes['AAAA-BBBB-CCCC'] = { owner: 'another', device: null }
    const other = await here.enrol('AAAA-BBBB-CCCC', 'tablet 7')
    opened.push(other)
    other.sync.stop()
    expect(other.person.device_id).not.toBe(first)
    await other.sync.now()
    expect(Object.values(server.state.effects)).toEqual([1])

    await here.forget(first!)
    expect((await here.people()).map((one) => one.device_id)).toEqual([other.person.device_id])
  })
})

describe('the outbox', () => {
  it('tells each fate in one word', async () => {
    const { server, tablet } = await enrolled()
    const warning = { type: 'odd', pointer: '/x', detail: 'odd', detail_zh: '奇怪' }
    const why = { type: '/problems/not-yours', detail: 'no' }
    server.verdicts = [{}, { warnings: [warning] }, { status: 'merged' }, { status: 'held' }]
    server.verdicts.push({ status: 'conflict', problem: why, current: { state: 'closed' } }, { status: 'rejected', problem: why })
    for (let n = 0; n < 6; n++) await tablet.outbox.enqueue({ type: 'case.report', data: REPORT })
    expect((await tablet.outbox.items()).map((item) => item.fate.kind)).toEqual(Array(6).fill('waiting'))
    await tablet.sync.now()
    const items = (await tablet.outbox.items()).reverse()

    expect(items.map((item) => item.fate.kind)).toEqual(['accepted', 'warned', 'merged', 'held', 'conflict', 'refused'])
    expect(items[4]!.fate).toMatchObject({ mine: REPORT, current: { state: 'closed' }, problem: why })
    expect(await tablet.outbox.summary()).toMatchObject({ waiting: 0, held: 1, to_look_at: 2 })
    await tablet.outbox.settle(items[4]!.mid)
    expect(await tablet.outbox.summary()).toMatchObject({ to_look_at: 1 })
    expect((await tablet.outbox.receipts()).map((one) => [one.first_seq, one.last_seq])).toEqual([[1, 3], [4, 6]])
  })

  it('takes a draft away in the same moment, and no late save brings it back', async () => {
    const { tablet } = await enrolled()
    const saves = ['a', 'ab', 'abc'].map((content) => tablet.drafts.save({ draft_id: 'd', kind: 'walk', content }))
    const { mid } = await tablet.outbox.enqueue({ type: 'case.report', data: REPORT }, { draft_id: 'd' })
    await Promise.all(saves)
    expect(await tablet.drafts.list()).toEqual([])
    expect(await tablet.outbox.item(mid)).toMatchObject({ seq: 1, type: 'case.report' })
  })

  it('carries what JSON and the server can hold', async () => {
    const { tablet } = await enrolled()
    const text = 'a\u0000b\ud800c'
    const { mid, entity_id } = await tablet.outbox.enqueue({ type: 'case.note', entity_id: uuid7(), base_version: 3, data: { text } })
    expect(await tablet.outbox.item(mid)).toMatchObject({ data: { text: 'ab\ufffdc' }, base_version: 3 })
    expect(await tablet.outbox.about(entity_id)).toHaveLength(1)
  })

  it('gives back what never left, with its photos and no hole behind it', async () => {
    const { server, tablet } = await enrolled()
    const photo = await tablet.photos.add(jpeg(1))
    const first = await tablet.outbox.enqueue({ type: 'case.report', data: { ...REPORT, photos: [photo.sha256] } })
    const second = await tablet.outbox.enqueue({ type: 'case.report', data: REPORT })

    expect(await tablet.outbox.withdraw(first.mid)).toBe(true)
    expect((await tablet.outbox.items()).map((item) => [item.mid, item.seq])).toEqual([[second.mid, 1]])
    expect(await tablet.photos.get(photo.sha256)).toBeUndefined()
    await tablet.outbox.enqueue({ type: 'case.report', data: REPORT })
    await tablet.sync.now()
    expect(Object.values(server.state.effects)).toEqual([1, 1])
    expect(await tablet.outbox.withdraw(second.mid)).toBe(false)
  })

  it('keeps what left in a file, and what later work builds on', async () => {
    const { tablet } = await enrolled()
    const made = await tablet.outbox.enqueue({ type: 'case.report', data: REPORT })
    const note = await tablet.outbox.enqueue({ type: 'case.note', entity_id: made.entity_id, data: { text: 'a' } })
    expect(await tablet.outbox.withdraw(made.mid)).toBe(false)
    await tablet.outbox.export()
    expect(await tablet.outbox.withdraw(note.mid)).toBe(false)
    expect(await tablet.outbox.items()).toHaveLength(2)
  })

  it('is exported as a file with what waits', async () => {
    const { tablet } = await enrolled()
    const photo = await tablet.photos.add(jpeg(1))
    await tablet.outbox.enqueue({ type: 'case.report', data: { ...REPORT, photos: [photo.sha256] } })
    const { file, name, items, photos } = await tablet.outbox.export()
    const text = await file.text()
    expect([name, items, photos]).toEqual([`${tablet.person.device_id}.outbox.zip`, 1, 1])
    expect(text).toContain('"format":"wangge-outbox"')
    expect(text).toContain(`photos/${photo.sha256}`)
  })
})

describe('photos', () => {
  it('are kept once, named by their bytes, told with the command and brought', async () => {
    const { server, tablet } = await enrolled()
    const photo = await tablet.photos.add(jpeg(1), { taken_at: '2026-11-22T01:00:00Z' })
    expect((await tablet.photos.add(jpeg(1))).taken_at).toBe('2026-11-22T01:00:00Z')
    const { mid } = await tablet.outbox.enqueue({ type: 'case.report', data: { ...REPORT, photos: [photo.sha256] } })
    const told = { sha256: photo.sha256, size: 8, content_type: 'image/jpeg', taken_at: '2026-11-22T01:00:00Z' }
    expect((await tablet.outbox.item(mid))?.data).toEqual({ ...REPORT, photos: [told] })
    await tablet.sync.now()

    expect(Object.keys(server.state.photos)).toEqual([photo.sha256])
    expect(await tablet.photos.get(photo.sha256)).toMatchObject({ state: 'arrived', sent_bytes: 8 })
    expect(await (await tablet.photos.thumbnail(photo.sha256))?.text()).toBe('small')
  })

  it('wait on a paid line until they may go, while the work goes', async () => {
    const { server, world, tablet } = await enrolled()
    const { sha256 } = await tablet.photos.add(jpeg(1))
    const { mid } = await tablet.outbox.enqueue({ type: 'case.report', data: { ...REPORT, photos: [sha256] } })
    world.metered = true
    expect((await tablet.sync.now()).pause).toBe('metered')
    expect((await tablet.outbox.item(mid))?.fate).toEqual({ kind: 'photos' })
    await tablet.sync.photosOnMetered(true)
    expect((await tablet.sync.now()).pause).toBeNull()
    expect(Object.keys(server.state.photos)).toEqual([sha256])
  })

  it('that are none, or too large, are not taken', async () => {
    const { tablet } = await enrolled()
    await expect(tablet.photos.add(new Blob(['no picture']))).rejects.toThrow(NotAPicture)
    const huge = new Blob([jpeg(1), new Uint8Array(30_000_000)], { type: 'image/jpeg' })
    await expect(tablet.photos.add(huge)).rejects.toThrow(TooLarge)
  })

  it('go with the draft that named them, unless something else does', async () => {
    const { tablet } = await enrolled()
    const [one, other] = [await tablet.photos.add(jpeg(1)), await tablet.photos.add(jpeg(2))]
    const photos = [one.sha256, other.sha256]
    await tablet.drafts.save({ draft_id: 'd', kind: 'walk', content: {}, photos })
    await tablet.outbox.enqueue({ type: 'case.report', data: { ...REPORT, photos: [other.sha256] } })
    await tablet.drafts.discard('d')
    expect(await tablet.photos.get(one.sha256)).toBeUndefined()
    expect(await tablet.photos.get(other.sha256)).toMatchObject({ state: 'waiting' })
  })
})

describe('the mirror', () => {
  it('shows the own work until the server sends its own', async () => {
    const { server, tablet } = await enrolled()
    server.put('cell:1', 'community', 'c', { community_id: 'c', name: '泗河新村', neighbourhood_code: 'n' })
    server.put('cell:1', 'case', 'k', CASE)
    await tablet.sync.now()
    const photos = [(await tablet.photos.add(jpeg(1))).sha256]
    const location = { lon: 117, lat: 35 }
    await tablet.outbox.enqueue({ type: 'case.check', entity_id: 'k', base_version: 1, data: { passed: true, photos, location } })
    const { entity_id } = await tablet.outbox.enqueue({ type: 'case.report', data: REPORT })

    const shown = await tablet.mirror.inCommunity('case', 'c')
    expect(shown.map((one) => [one.id, one.data.state, one.local.map((work) => work.fate)])).toEqual([
      ['k', 'check_passed', ['waiting']],
      [entity_id, 'reported', ['waiting']],
    ])
    expect(shown[1]!.data).toMatchObject({ community_name: '泗河新村', number: null, evidence: { missing: 0 } })
    await tablet.sync.now()
    expect((await tablet.mirror.get('case', entity_id))?.local).toEqual([])
    expect(await tablet.mirror.count('case')).toBe(2)
  })

  it('lets nothing show of what was not done', async () => {
    const { server, tablet } = await enrolled()
    server.verdicts = [{ status: 'conflict' }]
    const { entity_id } = await tablet.outbox.enqueue({ type: 'case.report', data: REPORT })
    await tablet.sync.now()
    expect(await tablet.mirror.get('case', entity_id)).toBeUndefined()
  })

  it('reads records that stand in several buckets once, the newest', async () => {
    const { server, tablet } = await enrolled()
    server.scope = ['cell:1', 'cell:2', 'global', 'user:w']
    server.page = 5000
    for (let n = 0; n < 900; n++) server.put(n % 2 ? 'cell:1' : 'cell:2', 'case', `k${Math.floor(n / 2)}`, CASE)
    await tablet.sync.now()
    const all = await tablet.mirror.all('case')
    expect(all).toHaveLength(450)
    expect(all.every((one) => one.buckets.length === 2)).toBe(true)
    expect(await tablet.mirror.inCell('case', '1')).toHaveLength(450)
  })

  it('knows the cells of a day', async () => {
    const { server, tablet } = await enrolled()
    const cell = (grid_cell_code: string, valid_from: string, valid_to: string | null) =>
      server.put('user:w', 'assignment', grid_cell_code, { grid_cell_code, valid_from, valid_to })
    cell('1', '2026-01-01', null)
    cell('2', '2026-01-01', '2026-11-22')
    cell('3', '2026-11-23', null)
    await tablet.sync.now()
    expect([await tablet.mirror.cells('2026-11-21'), await tablet.mirror.cells('2026-11-22')]).toEqual([['1', '2'], ['1']])
  })
})

describe('syncing', () => {
  it('comes back when a busy server asked it to', async () => {
    const { server, world, tablet } = await enrolled()
    server.busy_s = 60
    const status = await tablet.sync.now()
    expect(status.pause).toBe('busy')
    expect(Date.parse(status.until!) - world.now_ms).toBeGreaterThanOrEqual(60_000)
  })

  it('waits without a network, and tells so', async () => {
    const { world, tablet } = await enrolled()
    world.online = false
    expect(await tablet.sync.now()).toMatchObject({ pause: 'offline', phase: 'idle' })
  })

  it('sends nothing to a server that speaks otherwise', async () => {
    const { server, tablet } = await enrolled()
    server.versions = [2]
    await tablet.outbox.enqueue({ type: 'case.report', data: REPORT })
    expect((await tablet.sync.now()).stop).toBe('outdated')
    expect(server.state.effects).toEqual({})
  })

  it('hands a switched-off tablet’s work in, and fetches nothing', async () => {
    const { server, tablet } = await enrolled()
    server.revoked = true
    await tablet.outbox.enqueue({ type: 'case.report', data: REPORT })
    expect(await tablet.sync.now()).toMatchObject({ stop: 'revoked', pause: null })
    expect((await tablet.outbox.items()).map((item) => item.fate.kind)).toEqual(['quarantined'])
  })

  it('tells the clock’s error and that the work went, by bytes', async () => {
    const { tablet } = await enrolled()
    const { sha256 } = await tablet.photos.add(jpeg(1))
    await tablet.outbox.enqueue({ type: 'case.report', data: { ...REPORT, photos: [sha256] } })
    const phases = new Set<string>()
    const end = tablet.sync.watch((status) => phases.add(status.phase))
    const status = await tablet.sync.now()
    end()
    expect(status).toMatchObject({ clock_error_ms: 0, items: { done: 1, of: 1 }, bytes: { done: 8, of: 8 }, pause: null })
    expect(status.last_sync_at).not.toBeNull()
    expect(await tablet.ready()).toBe(true)
    expect(await tablet.scope()).toEqual(['cell:1', 'global', 'user:w'])
  })

  it('tells the office how full it is, and what waits before and after the work went', async () => {
    const { server, world, tablet } = await enrolled()
    world.room = { usage: 100_000_000, quota: 190_000_000 }
    world.battery = { level: 0.174, charging: false }
    const { sha256 } = await tablet.photos.add(jpeg(1))
    await tablet.outbox.enqueue({ type: 'case.report', data: { ...REPORT, photos: [sha256] } })
    await tablet.sync.now()

    const [before, after] = server.reports
    expect(before).toMatchObject({
      storage: { used_bytes: 100_000_000, quota_bytes: 190_000_000, days_left: 1, room: 'tight' },
      battery: { percent: 17, charging: false },
      outbox: { items: 1, photos: 1, photo_bytes: 8 },
    })
    expect(Date.parse(before!.outbox.oldest_at!)).toBeLessThanOrEqual(world.now_ms)
    expect(after!.outbox).toEqual({ items: 0, photos: 0, photo_bytes: 0, oldest_at: null })
    await tablet.sync.now()
    expect(server.reports).toHaveLength(2)
  })

  it('hands in to a server that knows no such word', async () => {
    const { server, tablet } = await enrolled()
    server.hears_reports = false
    await tablet.outbox.enqueue({ type: 'case.report', data: REPORT })
    expect((await tablet.sync.now()).pause).toBeNull()
    expect(Object.values(server.state.effects)).toEqual([1])
  })

  it('is refused what its worker may not see', async () => {
    const { tablet } = await enrolled()
    await expect(tablet.photos.seen('0'.repeat(64))).rejects.toThrow(Refused)
  })
})
