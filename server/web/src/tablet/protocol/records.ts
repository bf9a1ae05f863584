/** What travels to a tablet, as the server sends it. Ids are UUIDv7 in lower case, instants ISO 8601 in UTC,
 * days `YYYY-MM-DD` in Shanghai, positions degrees in WGS 84, geometry GeoJSON. */

import type { MultiPolygon, Point, Polygon } from 'geojson'
import type { Checklist } from '@/shared/types'

export interface Place {
  lon: number
  lat: number
}

export interface Fix extends Place {
  accuracy_m?: number | null
  datum?: string
}

/** How many photos a record names, how many the server has, how many are missing. */
export interface Evidence {
  expected: number
  received: number
  missing: number
}

export interface GridCellRecord {
  code: string
  neighbourhood_code: string
  area_m2: number
  management_grade: string | null
  responsible_unit: string | null
  origin: string
  valid_from: string | null
  valid_to: string | null
  geometry: Polygon | MultiPolygon
}

export interface CommunityRecord {
  community_id: string
  name: string
  kind: string
  neighbourhood_code: string
  neighbourhood_name: string
  subdistrict_code: string
  grid_cell_codes: string[]
  households: number | null
  built_year: number | null
  warranty_until: string | null
  pilot: boolean
  provisional_outline: boolean
  company_unit: string | null
  company_name: string | null
  origin: string
  geometry: Polygon | MultiPolygon
}

export interface BuildingRecord {
  building_id: string
  community_id: string
  name: string
  floors: number | null
  households: number | null
  origin: string
  geometry: Polygon | MultiPolygon | Point
  entrances: (Place & { entrance_id: string; name: string })[]
}

export interface FacilityRecord extends Place {
  facility_id: string
  community_id: string
  building_id: string | null
  kind: string
  name: string
  registration_code: string | null
  attributes: Record<string, unknown>
  origin: string
}

export interface ChargingSiteRecord {
  site_id: string
  community_id: string
  community_name: string
  neighbourhood_code: string
  name: string
  status: string
  charging_ports: number | null
  has_shed: boolean | null
  note: string
  origin: string
  proposed_at: string
  version: number
  location: Place
}

export interface CaseRecord {
  case_id: string
  number: string | null
  state: string
  version: number
  category: string
  severity: string
  measure: number
  level: number
  reported_at: string
  filed_at: string | null
  first_due_at: string | null
  due_at: string | null
  yellow_at: string | null
  claimed_at: string | null
  ended_at: string | null
  paused_at: string | null
  closed_at: string | null
  resume_on: string | null
  community_id: string
  community_name: string
  grid_cell_code: string | null
  unit: string | null
  unit_name: string | null
  lead_unit: string | null
  location: Fix | null
  evidence: Evidence
  inspection_id: string | null
  description: string
  source: string
  origin: string
  asset: string | null
  reported_by: string | null
  checker_id: string | null
  demand: string | null
  finding: string | null
  merged_into: string | null
  repeat_of: string | null
  transferred_to: string | null
  rework_count: number
  refused_count: number
  returned_count: number
  buck_passing_count: number
  extension_count: number
  rebound_count: number
  parties: { offender: string | null; repairer: string | null; urging: string | null; investigating: string[] }
  departments: Record<string, unknown>[]
}

export interface InspectionRecord {
  inspection_id: string
  checklist: string
  checklist_version: string
  kind: string
  community_id: string
  community_name: string
  neighbourhood_code: string
  grid_cell_code: string | null
  worker: { user_id: string; name: string }
  device_id: string | null
  location: Fix | null
  started_at: string | null
  finished_at: string | null
  device_time: string | null
  received_at: string
  evidence: Evidence
  case_ids: string[]
  warnings: Warning[]
  version: number
  corrects: string | null
  corrected_by: string[]
}

/** A photo that a task shows; `photos.seen(sha256)` has its bytes, offline too. */
export interface ShownPhoto {
  sha256: string
  role: string
  received: boolean
  taken_at: string | null
  context: string | null
}

/** A case to check, or a report to verify: it carries what it needs, also outside the worker's own cells. The task's id is the case's. */
export interface CheckTask {
  kind: 'check' | 'verify'
  case: CaseRecord
  community: CommunityRecord | null
  photos: ShownPhoto[]
}

/** A complaint to look at on site, answered by `complaint.verify`; the task's id is the complaint's. Never who complained. */
export interface ComplaintTask {
  kind: 'verify_complaint'
  complaint: {
    complaint_id: string
    number: string
    version: number
    community_id: string
    community_name: string
    grid_cell_code: string | null
    channel: string
    category: string | null
    category_zh: string | null
    category_en: string | null
    description: string
    location: { lon: number; lat: number; accuracy_m: number | null; datum: 'wgs84' } | null
    received_at: string
    verify_due_at: string | null
  }
  community: CommunityRecord | null
  photos: ShownPhoto[]
}

/** What an inspection left to do; `kind` is the task's code in the checklist. */
export interface FollowUpTask {
  kind: string
  community_id: string
  community_name: string
  inspection_id: string
  checklist: string
  item: string
  note: string
  found_at: string
}

export type TaskRecord = CheckTask | ComplaintTask | FollowUpTask

export interface AssignmentRecord {
  assignment_id: string
  user_id: string
  grid_cell_code: string
  valid_from: string
  valid_to: string | null
}

export interface UnitRecord {
  code: string
  name_zh: string
  name_en: string | null
  kind: string
  division_code: string | null
  origin: string
}

export interface CategoryRecord {
  category: string
  label_zh: string
  label_en: string
}

/** Deadline and radius of one category and severity, valid from a day on. */
export interface RuleRecord {
  category: string
  severity: string
  valid_from: string
  valid_to: string | null
  measures: number[]
  first_actor: string | null
  lead: string | null
  departments: string[]
  own_duty: boolean
  limit_amount: number | null
  limit_unit: string | null
  set_by_dispatcher: boolean
  milestone: string | null
  radius_m: number | null
  radius_scope: string | null
  auto_file: boolean
  photo_required: boolean
}

export interface CalendarRecord {
  year: number
  holidays: string[]
  make_up_days: string[]
  provisional: boolean
  hours: [string, string][]
  zone: string
}

/** A checklist's whole document; `version` is what an inspection names. */
export type ChecklistRecord = Checklist & Record<string, unknown>

/** The later fate of an item; the protocol has written it into the outbox before anybody reads this. */
export interface OutcomeRecord {
  mid: string
  device_id: string
  seq: number
  type: string | null
  entity_id: string | null
  status: Status
  version: number | null
  problem: ProblemDocument | null
  used_twice: boolean
  at: string
}

export type Status = 'applied' | 'merged' | 'conflict' | 'held' | 'quarantined' | 'rejected'

/** Something to know that refuses nothing. */
export interface Warning {
  type: string
  pointer: string
  detail: string
  detail_zh: string
}

/** RFC 9457; `detail` and `detail_zh` say what is wrong and how to mend it. */
export interface ProblemDocument {
  type: string
  title?: string
  status?: number
  detail?: string
  detail_zh?: string
  errors?: { pointer: string; detail?: string; detail_zh?: string }[]
  [extra: string]: unknown
}

/** The record of each entity, by its name on the wire. */
export interface Records {
  checklist: ChecklistRecord
  category: CategoryRecord
  unit: UnitRecord
  calendar: CalendarRecord
  rule: RuleRecord
  assignment: AssignmentRecord
  task: TaskRecord
  outcome: OutcomeRecord
  grid_cell: GridCellRecord
  community: CommunityRecord
  building: BuildingRecord
  facility: FacilityRecord
  charging_site: ChargingSiteRecord
  case: CaseRecord
  inspection: InspectionRecord
}

export type EntityName = keyof Records
