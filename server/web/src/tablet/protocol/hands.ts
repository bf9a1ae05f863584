import type { NewPhoto, Outbox, Photo, SyncStatus } from './contract'
import { Engine } from './engine'
import { exported } from './exporting'
import type { Pictures } from './pictures'
import { addPhoto } from './shelf'
import { type Store, openStore } from './store'
import type { Surroundings } from './surroundings'

/** Whose store, and where its server is. */
export interface Whose {
  device_id: string
  server: string
  username: string
}

/** The heavy work of one or more stores: done in a worker, so that pages stay quick. */
export interface Hands {
  run(whose: Whose, only_hand_in: boolean): Promise<SyncStatus>
  addPhoto(whose: Whose, file: Blob, how: NewPhoto): Promise<Photo>
  export(whose: Whose): ReturnType<Outbox['export']>
  close(device_id: string): Promise<void>
}

interface Open {
  store: Store
  engine: Engine
  channel: BroadcastChannel
}

/** The channel on which the runs of one store are told to all tabs. */
export function statusChannel(device_id: string): BroadcastChannel {
  return new BroadcastChannel(`wangge-tablet-status-${device_id}`)
}

/** Does the work where it is called. */
export class OwnHands implements Hands {
  readonly #open = new Map<string, Promise<Open>>()

  constructor(
    private readonly around: Surroundings,
    private readonly pictures: Pictures,
    private readonly opened: (device_id: string) => Promise<Store> = openStore,
  ) {}

  async run(whose: Whose, only_hand_in: boolean): Promise<SyncStatus> {
    return (await this.#of(whose)).engine.run(only_hand_in)
  }

  async addPhoto(whose: Whose, file: Blob, how: NewPhoto): Promise<Photo> {
    return addPhoto((await this.#of(whose)).store, this.pictures, file, how, this.around.now())
  }

  async export(whose: Whose): ReturnType<Outbox['export']> {
    const { store, engine } = await this.#of(whose)
    return exported(store, whose.username, engine.clock, this.around.now())
  }

  async close(device_id: string): Promise<void> {
    const opening = this.#open.get(device_id)
    this.#open.delete(device_id)
    const open = await opening?.catch(() => null)
    open?.engine.close()
    open?.channel.close()
    open?.store.close()
  }

  #of(whose: Whose): Promise<Open> {
    const known = this.#open.get(whose.device_id)
    if (known) return known
    const opening = this.#begin(whose)
    this.#open.set(whose.device_id, opening)
    opening.catch(() => this.#open.delete(whose.device_id))
    return opening
  }

  async #begin({ device_id, server }: Whose): Promise<Open> {
    const store = await this.opened(device_id)
    const channel = statusChannel(device_id)
    const engine = new Engine(store, server, this.around, (status) => channel.postMessage(status))
    return { store, engine, channel }
  }
}
