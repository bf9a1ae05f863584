import type { Person } from './contract'
import { Refused } from './errors'
import { uuid7 } from './ids'
import { Line } from './line'
import type { People, PersonRow } from './people'
import type { Store, Tokens } from './store'
import type { Surroundings } from './surroundings'

/** What is told of a tablet that enrols. */
interface Told {
  code: string
  server: string
  name: string
  platform: string
  app: string
}

/** What `GET /api/v1/me` tells of a person. */
interface Me {
  user_id: string
  username: string
  display_name: string
  role: string
  rights: Record<string, string>
  unit: { code: string; name_zh: string }
}

const OTHERS = new Set(['enrolment-code-invalid', 'device-revoked'])

/** Turn a code into a person of this tablet, and return his device id.
 *
 * Nobody can see whose code it is, so those who are enrolled here come first: a code for one of them lets his
 * store go on; only then a new one is made. Raises Refused, LineDown.
 */
export async function enrol(
  people: People,
  opened: (device_id: string) => Promise<Store>,
  around: Surroundings,
  told: Told,
): Promise<string> {
  const begun = await people.begun.get(told.code)
  const known = (await people.all()).filter((one) => one.server === told.server).map((one) => one.device_id)
  const fresh = begun?.device_id ?? uuid7(around.now())
  await people.begun.put({ code: told.code, device_id: fresh })
  const tries = begun ? [fresh, ...known] : [...known, fresh]
  for (const device_id of tries) {
    const refused = await joined(people, await opened(device_id), around, told)
    if (refused === null) return device_id
    if (device_id === tries.at(-1)) {
      await people.begun.delete(told.code)
      throw refused
    }
  }
  throw new Error('nobody to try')
}

/** Null when the code was this device's to use; else what the server had against it. */
async function joined(people: People, store: Store, around: Surroundings, told: Told): Promise<Refused | null> {
  try {
    await join(people, store, around, told)
    await people.begun.delete(told.code)
    return null
  } catch (error) {
    if (!(error instanceof Refused) || !OTHERS.has(error.kind)) throw error
    return error
  } finally {
    store.close()
  }
}

async function join(people: People, store: Store, around: Surroundings, told: Told): Promise<void> {
  const { device_id } = store
  const line = new Line(told.server, store, around)
  const asked = { device_id, enrolment_code: told.code, name: told.name, platform: told.platform, app_version: told.app }
  await line.take(await line.post<Tokens>('/sync/v1/devices', asked, { signed: false }))
  await store.forget('signed_out', 'revoked')
  const now = around.now()
  const person = await read(line, device_id, new Date(now).toISOString())
  await store.remember('rights_read_at', now)
  await people.people.put({ ...person, server: told.server, last_at_work: now })
}

/** Ask anew who the person is and what he may do. Raises LineDown, Refused. */
export async function refreshed(row: PersonRow, line: Line): Promise<PersonRow> {
  return { ...row, ...(await read(line, row.device_id, row.enrolled_at)) }
}

async function read(line: Line, device_id: string, enrolled_at: string): Promise<Person> {
  const me = await line.json<Me>('/api/v1/me')
  return {
    device_id,
    user_id: me.user_id,
    username: me.username,
    name: me.display_name,
    role: me.role,
    unit_code: me.unit.code,
    unit_name: me.unit.name_zh,
    enrolled_at,
    rights: Object.keys(me.rights),
  }
}
