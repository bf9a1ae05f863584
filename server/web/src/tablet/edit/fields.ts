import { crosses, cornersOf, type Drawn } from '../inspect/shape'
import { tidiedAttributes, type Attributes } from './attributes'
import { factsAsked, factsNamed, type ChargingSiteRecord, type CommandName, type CommunityRecord, type EditData, type FacilityRecord } from '../protocol'

/** What a worker on the spot may put right, and how each field is asked for. */
export const EDITABLE = {
  community: { command: 'community.edit', fields: ['name', 'kind', 'households', 'built_year', 'warranty_until', 'geometry'] },
  facility: { command: 'facility.edit', fields: ['kind', 'name', 'registration_code', 'attributes', 'location', 'removed'] },
  charging_site: { command: 'charging_site.edit', fields: ['name', 'charging_ports', 'has_shed', 'location', 'note', 'removed'] },
} as const satisfies Record<string, { command: CommandName; fields: readonly string[] }>

export type EditEntity = keyof typeof EDITABLE
export type FieldName = (typeof EDITABLE)[EditEntity]['fields'][number]
export type Values = Partial<Record<FieldName, unknown>>

type Asked = 'line' | 'lines' | 'whole' | 'day' | 'choice' | 'flag' | 'place' | 'gone' | 'facts' | 'outline'

interface Rule {
  asked: Asked
  /** May be left empty: the server then keeps null. */
  empty?: boolean
  most?: number
  least?: number
}

const COMMON: Record<FieldName, Rule> = {
  name: { asked: 'line', most: 200 },
  kind: { asked: 'choice' },
  households: { asked: 'whole', least: 0, most: 100_000 },
  built_year: { asked: 'whole', least: 1900, most: 2100, empty: true },
  warranty_until: { asked: 'day', empty: true },
  registration_code: { asked: 'line', most: 100, empty: true },
  charging_ports: { asked: 'whole', least: 0, most: 10_000, empty: true },
  has_shed: { asked: 'flag', empty: true },
  note: { asked: 'lines', most: 4000, empty: true },
  location: { asked: 'place' },
  attributes: { asked: 'facts', empty: true },
  geometry: { asked: 'outline' },
  removed: { asked: 'gone' },
}

/** How a field is asked for; the bounds are the server's. */
export function ruleOf(entity: EditEntity, field: FieldName): Rule {
  return entity === 'charging_site' && field === 'name' ? { ...COMMON.name, empty: true } : COMMON[field]
}

export function isEditable(name: string): name is EditEntity {
  return name in EDITABLE
}

/** The values of a record's fields as the server compares them. */
export function valuesOf(entity: EditEntity, record: unknown): Values {
  const { lon, lat, location, removed, ...rest } = record as FacilityRecord & ChargingSiteRecord & CommunityRecord & { removed?: boolean }
  const at = entity === 'facility' ? { lon, lat } : location && { lon: location.lon, lat: location.lat }
  const known: Record<string, unknown> = { ...rest, location: at, removed: removed ?? false }
  return Object.fromEntries(EDITABLE[entity].fields.map((field) => [field, known[field] ?? null]))
}

export type Fault = 'empty' | 'long' | 'whole' | 'bounds' | 'crossing'

/** What is wrong with a value, by the server's own bounds; null when nothing is. */
export function faultOf(rule: Rule, value: unknown): Fault | null {
  const blank = value === null || value === undefined || (typeof value === 'string' && value.trim() === '')
  if (blank) return rule.empty ? null : 'empty'
  if (typeof value === 'string' && value.length > (rule.most ?? Infinity)) return 'long'
  if (rule.asked === 'outline') return crosses(cornersOf(value as Drawn)) ? 'crossing' : null
  if (rule.asked !== 'whole') return null
  if (!Number.isInteger(value)) return 'whole'
  return Number(value) < (rule.least ?? -Infinity) || Number(value) > (rule.most ?? Infinity) ? 'bounds' : null
}

/** The fields whose value differs from what the worker saw. */
export function changed(seen: Values, now: Values): FieldName[] {
  return (Object.keys(now) as FieldName[]).filter((field) => JSON.stringify(tidied(now[field])) !== JSON.stringify(tidied(seen[field])))
}

/** The edit of what was changed: the value that was seen and the one that is to stand; of facts only those that differ. */
export function editOf(seen: Values, now: Values): EditData {
  return { fields: Object.fromEntries(changed(seen, now).map((field) => [field, changeOf(seen[field] ?? null, tidied(now[field]))])) }
}

function changeOf(old: unknown, told: unknown) {
  if (!isFacts(told)) return { old, new: told }
  const asked = factsAsked({ old, new: told })
  return { old: factsNamed(old, asked), new: factsNamed(told, asked) }
}

/** A text without blanks around it; what was left empty is null; facts in the order of their names. */
function tidied(value: unknown): unknown {
  if (isFacts(value)) return Object.fromEntries(Object.entries(tidiedAttributes(value)).sort())
  if (typeof value !== 'string') return value ?? null
  return value.trim() === '' ? null : value.trim()
}

function isFacts(value: unknown): value is Attributes {
  return typeof value === 'object' && value !== null && !('lon' in value) && !('coordinates' in value)
}
