import type { Position } from '@/shared/types'
import { instantOf } from '@/shared/when'

export type FieldKind = 'unit' | 'moment' | 'long' | 'paid_by' | 'place' | 'photos' | 'checker' | 'passed' | 'category' | 'severity' | 'worker' | 'day' | 'finding' | 'request' | 'granted' | 'line' | 'flag'

export interface Field {
  name: string
  kind: FieldKind
  required?: boolean
}

const photos: Field = { name: 'photos', kind: 'photos' }
const reason: Field = { name: 'reason', kind: 'long' }
const needed: Field = { ...reason, required: true }

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
  'case.ask_verification': [{ name: 'worker', kind: 'worker', required: true }],
  'case.verify': [
    { name: 'finding', kind: 'finding', required: true },
    { name: 'location', kind: 'place', required: true },
    { ...photos, required: true },
  ],
  'case.decide': [
    { name: 'request_id', kind: 'request', required: true },
    { name: 'granted', kind: 'granted', required: true },
    reason,
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
  'case.resume': [],
  'case.reopen': [reason, { name: 'location', kind: 'place' }, { ...photos, required: true }],
  'case.request_extension': [{ name: 'until', kind: 'moment', required: true }, needed],
  'case.suspend': [{ name: 'resume_on', kind: 'day', required: true }, needed],
  'case.return': [needed],
  'case.withdraw_claim': [needed],
  'case.decline': [needed],
  'case.transfer': [{ name: 'unit', kind: 'unit', required: true }, { ...photos, required: true }],
  'case.void': [needed],
  'case.report_dissuaded': [{ name: 'note', kind: 'long', required: true }, { ...photos, required: true }],
  'case.record_disposition': [
    { name: 'document_no', kind: 'line' },
    { name: 'kind', kind: 'line' },
    { name: 'basis', kind: 'line' },
    { name: 'party', kind: 'line' },
    { name: 'amount_yuan', kind: 'line' },
    { name: 'decided_on', kind: 'day' },
    { name: 'carried_out', kind: 'flag' },
    { name: 'none_because', kind: 'long' },
  ],
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
    .filter((field) => field.required || (field.name === 'reason' && (filled.passed === false || filled.granted === false)))
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
