import Dexie, { type EntityTable } from 'dexie'
import type { Person } from './contract'

/** Somebody enrolled on this tablet. */
export interface PersonRow extends Person {
  server: string
  last_at_work: number
}

/** Who works on this tablet. An enrolment that was begun stands here before the server hears of it. */
export class People extends Dexie {
  people!: EntityTable<PersonRow, 'device_id'>
  begun!: EntityTable<{ code: string; device_id: string }, 'code'>

  constructor(name = 'wangge-tablets') {
    super(name, { chromeTransactionDurability: 'strict' })
    this.version(1).stores({ people: '&device_id, last_at_work', begun: '&code' })
  }

  /** All, the last at work first. */
  async all(): Promise<PersonRow[]> {
    return this.people.orderBy('last_at_work').reverse().toArray()
  }

  async atWork(device_id: string, now: number): Promise<void> {
    await this.people.update(device_id, { last_at_work: now })
  }
}

/** A person without what only the protocol needs. */
export function personOf({ server: _, last_at_work: __, ...person }: PersonRow): Person {
  return person
}
