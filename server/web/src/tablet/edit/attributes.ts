import type { Facts } from '../protocol'

/** What else is known of a facility, by its kind. */
export type Attributes = Facts

interface Known {
  code: string
  asked: 'line' | 'whole' | 'metres' | 'day' | 'flag'
}

const COMMON: readonly Known[] = [{ code: 'remark', asked: 'line' }]
const BY_KIND: Record<string, readonly Known[]> = {
  lift: [
    { code: 'stops', asked: 'whole' },
    { code: 'inspection_due_on', asked: 'day' },
    { code: 'maintainer', asked: 'line' },
  ],
  door: [{ code: 'locks', asked: 'flag' }],
  gate: [
    { code: 'clear_width_m', asked: 'metres' },
    { code: 'for_vehicles', asked: 'flag' },
  ],
  hydrant: [
    { code: 'outdoors', asked: 'flag' },
    { code: 'has_water', asked: 'flag' },
  ],
  extinguisher: [
    { code: 'pieces', asked: 'whole' },
    { code: 'good_until', asked: 'day' },
  ],
  camera: [{ code: 'looks_at', asked: 'line' }],
  charging_port: [
    { code: 'ports', asked: 'whole' },
    { code: 'operator', asked: 'line' },
    { code: 'cuts_off_when_full', asked: 'flag' },
  ],
  water: [{ code: 'operator', asked: 'line' }],
  power: [{ code: 'operator', asked: 'line' }],
  transformer: [{ code: 'capacity_kva', asked: 'whole' }],
}
const LONGEST = 500
export const BOUNDS = {
  whole: { minimum: 0, maximum: 100_000, integer: true },
  metres: { minimum: 0, maximum: 100, integer: false },
} as const

/** What is asked of a facility of this kind: the facts of its kind, then whatever else is already written of it. */
export function attributesOf(kind: unknown, held: Attributes): readonly Known[] {
  const known = [...(BY_KIND[String(kind)] ?? []), ...COMMON]
  const codes = new Set(known.map((one) => one.code))
  const others = Object.keys(held).filter((code) => !codes.has(code) && held[code] !== null)
  return [...known, ...others.map((code) => ({ code, asked: askedFor(held[code]) }))]
}

/** The attributes with one of them told anew; one that was left empty is taken out. */
export function withAttribute(held: Attributes, code: string, value: unknown): Attributes {
  const { [code]: _, ...rest } = held
  if (value === undefined || value === null || value === '') return rest
  const told = typeof value === 'string' ? value.slice(0, LONGEST) : value
  return code in held ? { ...held, [code]: told } : { ...rest, [code]: told }
}

/** What an edit keeps: texts without blanks around them, none that is empty. */
export function tidiedAttributes(held: Attributes): Attributes {
  const tidied = Object.entries(held).map(([code, value]) => [code, typeof value === 'string' ? value.trim() : value] as const)
  return Object.fromEntries(tidied.filter(([, value]) => value !== '' && value !== null && value !== undefined))
}

function askedFor(value: unknown): Known['asked'] {
  if (typeof value === 'boolean') return 'flag'
  return Number.isInteger(value) ? 'whole' : 'line'
}
