import type { Position } from '@/shared/types'
import { instantOf } from '@/shared/when'

export type FieldKind = 'unit' | 'moment' | 'long' | 'paid_by' | 'place' | 'photos' | 'checker' | 'passed' | 'category' | 'severity'

export interface Field {
  name: string
  kind: FieldKind
  required?: boolean
}

const photos: Field = { name: 'photos', kind: 'photos' }
const reason: Field = { name: 'reason', kind: 'long' }

/** The commands this page can give, and the data each asks for. A case says which of them its reader may give now. */
export const COMMANDS: Record<string, Field[]> = {
  'case.file': [
    { name: 'category', kind: 'category', required: true },
    { name: 'severity', kind: 'severity', required: true },
  ],
  'case.dispatch': [
    { name: 'unit', kind: 'unit', required: true },
    { name: 'due_at', kind: 'moment' },
    { name: 'demand', kind: 'long', required: true },
  ],
  'case.accept': [],
  'case.claim_fixed': [
    { name: 'done', kind: 'long', required: true },
    { name: 'paid_by', kind: 'paid_by', required: true },
    { name: 'location', kind: 'place', required: true },
    { ...photos, required: true },
  ],
  'case.assign_check': [{ name: 'checker', kind: 'checker', required: true }],
  'case.check': [
    { name: 'passed', kind: 'passed', required: true },
    reason,
    { name: 'location', kind: 'place', required: true },
    { ...photos, required: true },
  ],
  'case.close': [],
  'case.record_refusal': [{ name: 'note', kind: 'long', required: true }, { ...photos, required: true }],
  'case.note': [{ name: 'text', kind: 'long', required: true }, photos],
}

/** What a person has filled in so far; a missing name was left empty. */
export type Filled = Record<string, unknown>

/** The commands of a case that this page knows, the way forward first, facts (refusal, note) last. */
export function offered(commands: string[] | undefined): string[] {
  return Object.keys(COMMANDS).filter((name) => commands?.includes(name))
}

/** Names of the fields that still have to be filled in. A failed check needs its reason. */
export function missing(command: string, filled: Filled): string[] {
  return (COMMANDS[command] ?? [])
    .filter((field) => field.required || (field.name === 'reason' && filled.passed === false))
    .filter((field) => isEmpty(field.kind, filled[field.name]))
    .map((field) => field.name)
}

/** The `data` of a command as the server reads it: empty fields left out, local times made instants. */
export function dataOf(command: string, filled: Filled): Filled {
  const data: Filled = {}
  for (const { name, kind } of COMMANDS[command] ?? []) {
    if (isEmpty(kind, filled[name])) continue
    data[name] = kind === 'moment' ? instantOf(filled[name] as string) : filled[name]
  }
  return data
}

function isEmpty(kind: FieldKind, value: unknown): boolean {
  if (value === undefined || value === null) return true
  if (kind === 'photos') return (value as unknown[]).length === 0
  if (kind === 'place') return !isPosition(value as Partial<Position>)
  return typeof value === 'string' && value.trim() === ''
}

function isPosition({ lon, lat }: Partial<Position>): boolean {
  return typeof lon === 'number' && typeof lat === 'number'
}
