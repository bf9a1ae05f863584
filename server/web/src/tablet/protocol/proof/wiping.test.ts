import 'fake-indexeddb/auto'
import Dexie from 'dexie'
import { afterEach, describe, expect, it } from 'vitest'
import type { Tablet } from '../contract'
import { OwnHands } from '../hands'
import { uuid7 } from '../ids'
import { People } from '../people'
import { SharedTablet } from '../tablets'
import { HAND_IN_WITHIN_MS } from '../wiping'
import { ModelServer } from './model'
import { Battery, CALM, World, mortal, seeded } from './world'

const REPORT = { category: 'lift', community_id: 'c' } as const
const ORDER = { wipe_id: 'w1', ordered_at: '2026-11-22T00:00:00Z' }
const opened: Tablet[] = []
const pictures = {
  measure: async () => ({ width: 40, height: 30 }),
  draw: async () => ({ blob: new Blob(['small']), width: 4, height: 3 }),
}

/** A tablet with a copy of the county, a draft, and a report with a photo that has not left. */
async function atWork(battery = new Battery()) {
  const server: ModelServer = new ModelServer(() => world.now_ms)
  const world = new World(server, seeded(1))
  const around = world.around(battery)
  const parts = { around, people: new People(`people-${uuid7()}`), opened: (id: string) => mortal(id, battery), server: 'https://wangge.test', platform: 'test' }
  const wake = () => new SharedTablet({ ...parts, hands: new OwnHands(around, pictures) })
  const here = wake()
  server.put('cell:1', 'community', 'c', { community_id: 'c', name: '泗河新村' })
  const tablet = await here.enrol(server.code, 'tablet 7')
  tablet.sync.stop()
  opened.push(tablet)
  await tablet.sync.now()
  const bytes = Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, 1, 1, 2, 3])
  const photo = await tablet.photos.add(new Blob([bytes], { type: 'image/jpeg' }))
  await tablet.outbox.enqueue({ type: 'case.report', data: { ...REPORT, photos: [photo.sha256] } })
  await tablet.drafts.save({ draft_id: 'd', kind: 'walk', content: 'half' })
  const asked = () => {
    server.revoked = true
    server.wipe = ORDER
  }
  return { server, world, here, wake, tablet, asked }
}
const stores = async () => (await Dexie.getDatabaseNames()).filter((name) => name.startsWith('wangge-tablet-'))

afterEach(async () => {
  opened.splice(0).forEach((tablet) => tablet.close())
  for (const name of await stores()) await Dexie.delete(name)
})

describe('a tablet that the office has erased', () => {
  it('hands in its work, over a paid line too, and keeps nothing', async () => {
    const { server, world, here, tablet, asked } = await atWork()
    asked()
    world.metered = true
    expect(await tablet.sync.now()).toMatchObject({ stop: 'wiped', pause: null })

    expect(Object.values(server.state.items).map((item) => item.status)).toEqual(['quarantined'])
    expect(Object.keys(server.state.photos)).toHaveLength(1)
    expect(server.said.map((one) => one.state)).toEqual(['learned', 'erasing', 'erased'])
    expect(server.said[1]!.left).toEqual({ items: 0, photos: 0, photo_bytes: 0, drafts: 1 })
    expect(await stores()).toEqual([])
    expect([await here.people(), await here.resume(), world.pages]).toEqual([[], null, false])
  })

  it('drops its copy at once, and tries for a day to hand in before it gives the work up', async () => {
    const { server, world, tablet, asked } = await atWork()
    asked()
    server.refuses_push = true
    expect(await tablet.sync.now()).toMatchObject({ stop: 'wiping' })
    expect([await tablet.mirror.count('community'), (await tablet.outbox.summary()).waiting]).toEqual([0, 1])
    expect(server.said.map((one) => one.state)).toEqual(['learned'])

    world.now_ms += HAND_IN_WITHIN_MS
    expect(await tablet.sync.now()).toMatchObject({ stop: 'wiped' })
    expect(server.said.at(-2)).toEqual({ state: 'erasing', left: { items: 1, photos: 1, photo_bytes: 8, drafts: 1 } })
  })

  it('stays as it was when the office took it back in time', async () => {
    const { server, tablet, asked } = await atWork()
    asked()
    server.refuses_push = true
    await tablet.sync.now()
    Object.assign(server, { wipe: null, revoked: false, refuses_push: false })

    expect(await tablet.sync.now()).toMatchObject({ stop: null, pause: null })
    expect(await tablet.mirror.count('community')).toBe(1)
    expect((await tablet.drafts.list()).length).toBe(1)
    expect(Object.values(server.state.effects)).toEqual([1])
  })

  it('goes on where it broke off, whenever its battery dies, and loses nothing on the way', async () => {
    for (let steps = 0, erased = false; !erased; steps += 3) {
      const battery = new Battery()
      const { server, wake, tablet, asked } = await atWork(battery)
      asked()
      battery.steps_left = steps
      erased = (await tablet.sync.now().catch(() => null))?.stop === 'wiped'
      Object.assign(battery, { dead: false, steps_left: Infinity })
      tablet.close()
      const again = await wake().resume()
      again?.sync.stop()
      await again?.sync.now()

      expect(server.said.at(-1)?.state).toBe('erased')
      expect(Object.keys(server.state.photos)).toHaveLength(1)
      expect(await stores()).toEqual([])
    }
  })

  it('says so again when the answer was lost', async () => {
    const { server, world, tablet, asked } = await atWork()
    asked()
    server.once_said = (state) => {
      if (state === 'erasing') world.weather = { ...CALM, unheard: 1 }
    }
    expect(await tablet.sync.now()).toMatchObject({ stop: 'wiping', pause: 'line-down' })
    expect(server.said.at(-1)?.state).toBe('erased')
    world.weather = CALM
    expect((await tablet.sync.now()).stop).toBe('wiped')
    expect(await stores()).toEqual([])
  })
})
