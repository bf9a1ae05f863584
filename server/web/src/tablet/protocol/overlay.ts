import type { Commands, EditData } from './commands'
import { factsOver } from './facts'
import type { EntityName } from './records'
import type { ItemRow } from './store'

type Data = Record<string, unknown>

/** What the own work knows of places when it makes a record that the server has not sent yet. */
export interface Around {
  name: string
  neighbourhood_code: string
}

export const NOWHERE: Around = { name: '', neighbourhood_code: '' }

/** Which entity a command makes a record of; the others move or edit one that stands. */
const MAKES: Partial<Record<ItemRow['body']['type'], EntityName>> = {
  'case.report': 'case',
  'inspection.create': 'inspection',
  'inspection.correct': 'inspection',
  'facility.create': 'facility',
  'charging_site.propose': 'charging_site',
}

const EDITS: Partial<Record<ItemRow['body']['type'], EntityName>> = {
  'facility.edit': 'facility',
  'community.edit': 'community',
  'charging_site.edit': 'charging_site',
}

/** Of what an item makes a record; null for commands on records that stand. */
export function madeBy(item: ItemRow): EntityName | null {
  return MAKES[item.body.type] ?? null
}

/** A record as the own work makes it, before the server has sent its own. */
export function made(item: ItemRow, user: { user_id: string; name: string }, place: Around): Data | null {
  const data = item.body.data as Data
  const evidence = { expected: item.photos.length, received: 0, missing: item.photos.length }
  const common = { community_id: data.community_id, community_name: place.name, origin: 'tablet', evidence, version: 0 }
  switch (item.body.type) {
    case 'case.report':
      return { ...newCase(item, data as Data & Commands['case.report'], user.user_id), ...common }
    case 'inspection.create':
    case 'inspection.correct':
      return { ...newInspection(item, data, user), ...common, neighbourhood_code: place.neighbourhood_code }
    case 'facility.create':
      return { ...EMPTY_FACILITY, ...data, ...(data.location as Data), facility_id: item.entity_id, origin: 'tablet' }
    case 'charging_site.propose': {
      const site = { site_id: item.entity_id, proposed_at: item.body.device_time, status: 'candidate', ...nulls }
      return { ...site, name: '', note: '', ...data, ...common, neighbourhood_code: place.neighbourhood_code }
    }
    default:
      return null
  }
}

/** A record with an item laid over it. */
export function over(entity: EntityName, data: Data, item: ItemRow): Data {
  if (EDITS[item.body.type] === entity) return edited(entity, data, item.body.data as EditData)
  if (entity === 'case') return { ...data, ...stepped(data, item) }
  return data
}

/** Where a case command leads from where; as the ledger's own table of states says. */
const STEPS: Partial<Record<ItemRow['body']['type'], [from: string, to: string]>> = {
  'case.accept': ['dispatched', 'in_progress'],
  'case.claim_fixed': ['in_progress', 'closeout_requested'],
  'case.verify': ['verifying', 'reported'],
  'case.reopen': ['closed', 'in_progress'],
}

function stepped(data: Data, item: ItemRow): Data {
  if (item.body.type === 'case.check' && data.state === 'checking') {
    return { state: (item.body.data as Commands['case.check']).passed ? 'check_passed' : 'in_progress' }
  }
  const step = STEPS[item.body.type]
  return step && data.state === step[0] ? { state: step[1] } : {}
}

function edited(entity: EntityName, data: Data, { fields }: EditData): Data {
  const stands = (name: string, change: { old: unknown; new: unknown }) => (name === 'attributes' ? factsOver(data.attributes, change) : change.new)
  const changed = Object.fromEntries(Object.entries(fields).map(([name, change]) => [name, stands(name, change)]))
  const { removed: _, location, ...rest } = changed
  if (location === undefined) return { ...data, ...rest }
  return { ...data, ...rest, ...(entity === 'facility' ? (location as Data) : { location }) }
}

const nulls = { charging_ports: null, has_shed: null }
const EMPTY_FACILITY = { building_id: null, registration_code: null, attributes: {} }

function newCase(item: ItemRow, data: Commands['case.report'], user_id: string): Data {
  const unknown = Object.fromEntries(UNKNOWN_OF_A_CASE.map((name) => [name, null]))
  const counts = Object.fromEntries(COUNTS_OF_A_CASE.map((name) => [`${name}_count`, 0]))
  return {
    ...unknown,
    ...counts,
    case_id: item.entity_id,
    state: 'reported',
    category: data.category,
    severity: data.severity ?? '',
    measure: 0,
    level: 0,
    reported_at: item.body.device_time,
    reported_by: user_id,
    grid_cell_code: data.grid_cell_code ?? null,
    location: data.location ?? null,
    description: data.description ?? '',
    asset: data.asset ?? null,
    source: 'tablet',
    parties: { offender: data.offender ?? null, repairer: null, urging: null, investigating: [] },
    departments: [],
  }
}

const UNKNOWN_OF_A_CASE = [
  'number',
  'filed_at',
  'first_due_at',
  'due_at',
  'yellow_at',
  'claimed_at',
  'ended_at',
  'paused_at',
  'closed_at',
  'resume_on',
  'unit',
  'unit_name',
  'lead_unit',
  'inspection_id',
  'checker_id',
  'demand',
  'finding',
  'merged_into',
  'repeat_of',
  'transferred_to',
]
const COUNTS_OF_A_CASE = ['rework', 'refused', 'returned', 'buck_passing', 'extension', 'rebound']

function newInspection(item: ItemRow, data: Data, user: { user_id: string; name: string }): Data {
  return {
    inspection_id: item.entity_id,
    checklist: data.checklist ?? '',
    checklist_version: data.checklist_version,
    kind: '',
    grid_cell_code: data.grid_cell_code ?? null,
    worker: user,
    device_id: null,
    location: data.location ?? null,
    started_at: data.started_at ?? null,
    finished_at: data.finished_at ?? null,
    device_time: item.body.device_time,
    received_at: item.body.device_time,
    case_ids: [],
    warnings: [],
    corrects: data.corrects ?? null,
    corrected_by: [],
  }
}
