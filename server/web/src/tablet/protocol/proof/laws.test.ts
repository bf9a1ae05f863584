import 'fake-indexeddb/auto'
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { Engine } from '../engine'
import { uuid7 } from '../ids'
import { enqueue } from '../outbox'
import type { Store } from '../store'
import { ModelServer } from './model'
import { Battery, CALM, STORM, World, mortal, seeded } from './world'

const SERVER = 'https://wangge.test'
const STEPS = 60

/** A tablet that dies and is switched on again, and what its worker knows to have handed in. */
class Trial {
  readonly draw: () => number
  readonly server: ModelServer
  readonly world: World
  readonly device_id = uuid7()
  readonly handed: string[] = []
  battery = new Battery()
  store!: Store
  engine!: Engine
  deaths = 0
  backup: ReturnType<ModelServer['backup']> | null = null

  constructor(seed: number) {
    this.draw = seeded(seed)
    this.server = new ModelServer(() => this.world.now_ms)
    this.world = new World(this.server, this.draw)
    this.server.device = this.device_id
  }

  async switchOn(): Promise<void> {
    this.battery = new Battery()
    this.store = await mortal(this.device_id, this.battery)
    this.engine = new Engine(this.store, SERVER, this.world.around(this.battery))
  }

  /** Do something; a tablet that dies over it is switched on again. */
  async survive(act: () => Promise<unknown>): Promise<void> {
    try {
      await act()
    } catch (error) {
      if (!this.battery.dead) throw error
    }
    if (!this.battery.dead) return
    this.deaths++
    this.engine.close()
    this.store.close()
    await this.switchOn()
  }

  async photo(): Promise<string> {
    const bytes = Uint8Array.from({ length: 1 + Math.floor(this.draw() * 3000) }, () => this.draw() * 256)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const { photos, blobs } = this.store
    const none = { width: null, height: null, taken_at: null, upload_url: null, sent_bytes: 0, arrived_at: null, problem: null }
    await this.store.transaction('rw', photos, blobs, async () => {
      await blobs.put({ sha256, blob: new Blob([bytes]) })
      await photos.put({ sha256, content_type: 'image/jpeg', size: bytes.length, state: 'kept', added_at: new Date(this.world.now_ms).toISOString(), ...none })
    })
    return sha256
  }

  async work(): Promise<void> {
    const photos = this.draw() < 0.4 ? [await this.photo()] : []
    const held = this.draw() < 0.15
    const data = held ? { points: [{ lon: 117, lat: 35, at: '2026-11-22T00:00:00Z' }] } : { category: 'x', community_id: 'c', photos }
    const command = { type: held ? 'track.append' : 'case.report', data } as never
    const [handed] = await enqueue(this.store, [command], this.world.now_ms)
    this.handed.push(handed!.mid)
  }

  /** The office does something. */
  office(): void {
    const id = `k${Math.floor(this.draw() * 12)}`
    const cell = this.draw() < 0.5 ? 'cell:1' : 'cell:2'
    const drawn = this.draw()
    if (drawn < 0.5) this.server.put(cell, 'case', id, { community_id: 'c' })
    else if (drawn < 0.65) this.server.remove(cell, 'case', id)
    else if (drawn < 0.75) this.server.scope = this.server.scope.includes('cell:2') ? BASE : [...BASE, 'cell:2']
    else if (drawn < 0.85) this.server.release()
    else if (drawn < 0.92) this.backup = this.server.backup()
    else if (this.backup) this.server.restore(this.backup)
    else this.server.tokens.access = `gone${this.draw()}`
  }

  async finish(): Promise<void> {
    this.world.weather = CALM
    this.battery.steps_left = Infinity
    for (let round = 0; round < 4; round++) {
      const status = await this.engine.run()
      expect([status.pause, status.stop, status.problem]).toEqual([null, null, null])
      this.server.release()
    }
  }
}

const BASE = ['cell:1', 'global', 'user:w']

async function aTrial(seed: number, deadly: boolean): Promise<Trial> {
  const trial = new Trial(seed)
  await trial.switchOn()
  await trial.engine.line.take({ access_token: 'a1', refresh_token: 'r1' })
  trial.world.weather = STORM
  for (let step = 0; step < STEPS; step++) {
    if (deadly && trial.draw() < 0.3) trial.battery.steps_left = Math.floor(trial.draw() * 60)
    const drawn = trial.draw()
    if (drawn < 0.4) await trial.survive(() => trial.work())
    else if (drawn < 0.7) await trial.survive(() => trial.engine.run())
    else trial.office()
  }
  await trial.survive(() => trial.work())
  await trial.finish()
  return trial
}

describe.each([false, true])('whatever breaks (the battery too: %s)', (deadly) => {
  it.each(Array.from({ length: Number(process.env.SEEDS) || (deadly ? 7 : 3) }, (_, seed) => seed + 1))('nothing is lost, nothing doubled, the copy is whole: seed %i', async (seed) => {
    const trial = await aTrial(seed, deadly)
    const items = await trial.store.items.toArray()
    const kept = new Set(items.map((item) => item.mid))

    expect(trial.handed.filter((mid) => !kept.has(mid))).toEqual([])
    expect(items.filter((item) => item.state !== 'applied').map((item) => [item.seq, item.state])).toEqual([])
    const work = items.filter((item) => item.body.type !== 'device.gap')
    expect(work.filter((item) => trial.server.state.effects[item.mid] !== 1).map((item) => item.seq)).toEqual([])
    expect(Object.keys(trial.server.state.effects).length).toBe(work.length)

    const named = items.flatMap((item) => item.photos)
    expect(named.filter((sha256) => !(sha256 in trial.server.state.photos))).toEqual([])
    expect(await trial.store.photos.where('state').equals('waiting').count()).toBe(0)

    const copy = (await trial.store.records.toArray()).map((row) => `${row.bucket} ${row.entity} ${row.id} ${row.rev}`)
    expect(copy.sort()).toEqual(trial.server.alive())
    if (deadly) expect(trial.deaths).toBeGreaterThan(0)
    trial.engine.close()
    trial.store.close()
  })
})

