import Dexie from 'dexie'
import type { Person, Tablet, Tablets } from './contract'
import { enrol } from './enrolling'
import { OtherServer, StillWaiting } from './errors'
import { APP } from './handing'
import { type Hands, OwnHands } from './hands'
import { readInvitation } from './invitation'
import { People, type PersonRow, personOf } from './people'
import { canvas } from './pictures'
import { RemoteHands } from './remote'
import { type Store, openStore } from './store'
import { type Surroundings, browser } from './surroundings'
import { OpenTablet } from './tablet'

/** What tests put in the place of a browser. */
export interface Parts {
  around: Surroundings
  hands: Hands
  people: People
  opened: (device_id: string) => Promise<Store>
  /** The address of the server: the page's own. */
  server: string
  platform: string
}

/** This tablet, with all who work on it. */
export class SharedTablet implements Tablets {
  #current: OpenTablet | null = null

  constructor(private readonly parts: Parts) {}

  async people(): Promise<Person[]> {
    return (await this.#here()).map(personOf)
  }

  async resume(): Promise<Tablet | null> {
    for (const one of await this.#here()) if (!(await this.#isErased(one))) return this.#open(one)
    return null
  }

  async handOver(device_id: string): Promise<Tablet> {
    const found = (await this.#here()).find((one) => one.device_id === device_id)
    if (!found) throw new Error(`nobody here has the device ${device_id}`)
    return this.#open(found)
  }

  async enrol(scanned: string, tablet_name: string): Promise<Tablet> {
    const { people, opened, around, server, platform } = this.parts
    const invitation = readInvitation(scanned)
    if (invitation.server !== null && invitation.server !== server) throw new OtherServer(invitation.server)
    const told = { code: invitation.code, server, name: tablet_name, platform, app: APP }
    return this.handOver(await enrol(people, opened, around, told))
  }

  async forget(device_id: string, { anyway = false } = {}): Promise<void> {
    const store = await this.parts.opened(device_id)
    const waiting = await store.items.where('state').equals('waiting').count()
    const photos = await store.photos.where('state').equals('waiting').count()
    store.close()
    if (waiting + photos > 0 && !anyway) throw new StillWaiting(waiting + photos)
    if (this.#current?.person.device_id === device_id) await this.#current.closed()
    await this.parts.hands.close(device_id)
    await this.parts.people.people.delete(device_id)
    await Dexie.delete(store.name)
  }

  async #here(): Promise<PersonRow[]> {
    return (await this.parts.people.all()).filter((one) => one.server === this.parts.server)
  }

  async #open(row: PersonRow): Promise<Tablet> {
    const { people, opened, hands, around } = this.parts
    await this.#current?.closed()
    await people.atWork(row.device_id, around.now())
    const store = await opened(row.device_id)
    const wiped = () => this.#wiped(row.device_id)
    const tablet = new OpenTablet(store, row, people, hands, around, () => this.#handInOthers(row), wiped)
    this.#current = tablet
    await tablet.sync.opened()
    tablet.sync.start()
    return tablet
  }

  async #handInOthers(mine: PersonRow): Promise<void> {
    for (const { device_id, server, username } of await this.#here()) {
      if (device_id === mine.device_id) continue
      const { stop } = await this.parts.hands.run({ device_id, server, username }, true)
      await this.parts.hands.close(device_id)
      if (stop === 'wiped') await this.#wiped(device_id)
    }
  }

  /** Whether this store was erased by the office's order; what is left of it goes, too. */
  async #isErased({ device_id }: PersonRow): Promise<boolean> {
    const store = await this.parts.opened(device_id)
    const erased = (await store.fact('wipe'))?.erased ?? false
    store.close()
    if (erased) await this.#wiped(device_id)
    return erased
  }

  /** Forget an empty store; with the last one the pages go as well. */
  async #wiped(device_id: string): Promise<void> {
    await this.forget(device_id, { anyway: true })
    if ((await this.#here()).length === 0) await this.parts.around.forgetPages()
  }
}

/** This browser's tablet. The heavy work is done in a worker, where the browser has one. */
export function tablets(): Tablets {
  const around = browser()
  return new SharedTablet({
    around,
    hands: typeof Worker === 'undefined' ? new OwnHands(around, canvas) : new RemoteHands(),
    people: new People(),
    opened: openStore,
    server: location.origin,
    platform: navigator.userAgent.slice(0, 200),
  })
}
