/** One page of a list; `next` is the cursor of the following one. */
export interface Page<T> {
  items: T[]
  next: string | null
}

export type Signal = 'green' | 'yellow' | 'red'
export type Severity = 'A' | 'B' | 'C'
export type PhotoRole = 'before' | 'after' | 'check' | string

/** A position as reported; lon and lat are degrees in `datum` (WGS 84 when left out). */
export interface Position {
  lon: number
  lat: number
  accuracy_m?: number | null
  datum?: string | null
}

/** How many photos a record asks for, and how many have arrived. */
export interface Evidence {
  expected: number
  received: number
  missing: number
}

export interface PhotoClaim {
  sha256: string
  role?: PhotoRole | null
  received?: boolean
  taken_at?: string | null
  item_code?: string | null
}

export interface Case {
  case_id: string
  number: string | null
  state: string
  version: number
  category: string
  category_zh?: string
  category_en?: string
  severity: Severity | null
  measure: number | null
  signal: Signal | null
  level: number
  due_at: string | null
  reported_at: string
  filed_at: string | null
  closed_at: string | null
  community_id: string | null
  community_name?: string | null
  grid_cell_code: string | null
  unit: string | null
  unit_name?: string | null
  location: Position | null
  description?: string | null
  evidence: Evidence
  inspection_id?: string | null
  photos?: PhotoClaim[]
  source?: string | null
  origin?: string | null
  demand?: string | null
  rework_count?: number
  refused_count?: number
  missing_photos?: string[]
  commands?: string[]
  requests?: CaseRequest[]
  ended_at?: string | null
  resume_on?: string | null
  merged_into?: string | null
  transferred_to?: string | null
  returned_count?: number
  buck_passing_count?: number
  extension_count?: number
  rebound_count?: number
  repeat_of?: string | null
  parties?: { offender: string | null; repairer: string | null; urging: string | null; investigating: string[] }
  departments?: DepartmentTask[]
  duplicates?: Duplicate[]
  related?: RelatedCase[]
  links?: LinkClock[]
  clock?: LinkClock | null
}

/** A department's task beside a case: its own duty by law, or a copy (抄告) it was sent. */
export interface DepartmentTask {
  unit: string
  own_duty: boolean
  copied: boolean
  state: 'open' | 'done' | 'lapsed'
  due_at: string | null
  ended_at: string | null
}

/** An open case that may be the same problem; metres, with both circles of error in `allowed_m`. */
export interface Duplicate {
  case_id: string
  number: string | null
  state: string
  severity: Severity
  description: string
  reported_at: string
  reason: 'same_asset' | 'same_community' | 'within_radius'
  distance_m: number | null
  allowed_m: number | null
}

export interface RelatedCase {
  relation: 'merged_into' | 'merged_from' | 'repeat_of' | 'repeated_by'
  case_id: string
  number: string | null
  state: string
  reported_at: string
  closed_at: string | null
}

/** How long a case was in one link; `overall` is the whole of it. */
export interface LinkClock {
  link: string
  started_at: string
  ended_at: string | null
  due_at: string | null
  unit: string | null
  paused_s: number
  used_share: number | null
  signal: Signal
  late: boolean
}

/** Something asked for on a case; `yours` when the reader's word on it is wanted. */
export interface CaseRequest {
  request_id: string
  kind: string
  state: string
  asked_by: string | null
  asked_unit: string
  asked_at: string
  until: string | null
  resume_on: string | null
  reason: string | null
  words_given: string[]
  decided_at: string | null
  yours: boolean
}

/** One line of a case's history; `hash` binds it to all lines before it. */
export interface HistoryEntry {
  seq: number
  at: string
  actor: { user_id: string; name: string | null; unit: string | null; unit_name: string | null; stands_for?: string | null } | null
  command: string
  from_state: string | null
  to_state: string | null
  hash: string
  prev_hash: string | null
  data: Record<string, unknown> | null
}

export interface Unit {
  code: string
  name_zh: string
  name_en: string
  kind: string
  division_code?: string | null
  closed_on?: string | null
}

export interface User {
  user_id: string
  username: string
  display_name: string
  role: string
  unit: Unit
}

/** The caller: what they may do (action → how far), and whether there is anything for them to do yet. */
export interface Me extends User {
  rights: Record<string, string>
  has_work: boolean
}

export interface Community {
  community_id: string
  name: string
  kind: string
  neighbourhood_code: string
  neighbourhood_name: string
  grid_cell_codes: string[]
  households: number
  built_year: number | null
  company_unit: string | null
  company_name: string | null
  origin: string
}

export interface Category {
  category: string
  label_zh: string
  label_en: string
  rules: { severity: Severity; measures: number[]; limit_amount: number; limit_unit: string }[]
}

export interface Measure {
  measure: number
  title_zh: string
  title_en: string
}

export interface Warning {
  type?: string
  pointer?: string | null
  detail?: string | null
  detail_zh?: string | null
}

export interface Inspection {
  inspection_id: string
  checklist: string
  checklist_version: string
  community_id: string | null
  community_name?: string | null
  grid_cell_code: string | null
  worker: { user_id: string; name: string }
  device_id: string | null
  started_at: string | null
  finished_at: string | null
  received_at: string
  location: Position | null
  answers?: Record<string, unknown>
  evidence: Evidence
  case_ids: string[]
  photos?: PhotoClaim[]
  missing_photos?: string[]
  warnings?: Warning[]
}

export interface ChecklistItem {
  code: string
  number?: number
  type: string
  label_zh?: string
  label_en?: string
  items?: ChecklistItem[]
  choices?: { code: string; label_zh?: string; label_en?: string }[]
}

export interface Checklist {
  code: string
  version: string
  title_zh?: string
  title_en?: string
  items: ChecklistItem[]
}
