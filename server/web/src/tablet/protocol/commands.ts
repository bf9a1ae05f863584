/** What a tablet may tell the server. A command's photos are named by the digests that `photos.add` returned. */

import type { Fix } from './records'

/** Where somebody stood: degrees in `datum` (WGS 84 unless it says another). */
export interface Location extends Fix {
  datum?: 'wgs84' | 'cgcs2000' | 'gcj02' | 'bd09'
  provider?: string
  mock?: boolean
}

export type PhotoRole = 'before' | 'after' | 'check' | 'panorama' | 'document' | 'other'

export interface PhotoClaim {
  sha256: string
  size?: number
  content_type?: string
  taken_at?: string
  role?: PhotoRole
}

export type Photos = (string | PhotoClaim)[]

/** One of `value`, `na`, `not_inspected`, `instances`, with what stands beside it. */
export interface Answer {
  value?: unknown
  na?: true
  not_inspected?: string
  instances?: Record<string, unknown>[]
  note?: string
  photos?: string[]
  location?: Location | null
  joins?: string | null
}

export interface InspectionData {
  checklist?: string
  checklist_version: string
  community_id: string
  grid_cell_code?: string | null
  location?: Location | null
  started_at?: string
  finished_at?: string
  answers: Record<string, Answer>
  photos?: Photos
}

/** The fields of an edit: what the worker saw and what he puts there; of `attributes` only the facts that differ count. */
export interface EditData {
  fields: Record<string, { old: unknown; new: unknown }>
}

export interface Commands {
  'inspection.create': InspectionData
  'inspection.correct': InspectionData & { corrects: string }
  'case.report': {
    category: string
    severity?: string | null
    community_id: string
    grid_cell_code?: string | null
    location?: Location | null
    description?: string
    photos?: Photos
    joins?: string | null
    asset?: string | null
    offender?: string | null
  }
  'case.accept': Record<string, never>
  'case.claim_fixed': { done: string; paid_by?: string; photos: Photos; location?: Location | null }
  'case.check': { passed: boolean; reason?: string; photos: Photos; location: Location }
  'complaint.verify': { finding: 'true' | 'false' | 'not_found'; text?: string; photos: Photos; location?: Location | null }
  'case.verify': { finding: 'true' | 'false' | 'not_found'; photos: Photos; location: Location }
  'case.reopen': { reason?: string; photos: Photos; location?: Location | null }
  'case.record_refusal': { note?: string; photos: Photos }
  'case.report_dissuaded': { note?: string; photos: Photos }
  'case.note': { text: string; photos?: Photos }
  'complaint.create': {
    community_id: string
    description: string
    channel?: string | null
    category?: string | null
    grid_cell_code?: string | null
    location?: Location | null
    contact?: { name?: string; phone?: string; address?: string } | null
    photos?: Photos
  }
  'facility.create': {
    community_id: string
    kind: string
    name: string
    location: Location
    building_id?: string | null
    registration_code?: string | null
    attributes?: Record<string, unknown>
  }
  'facility.edit': EditData
  'community.edit': EditData
  'charging_site.propose': {
    community_id: string
    location: Location
    status?: string | null
    name?: string
    charging_ports?: number | null
    has_shed?: boolean | null
    note?: string
    photos?: Photos
  }
  'charging_site.edit': EditData
  'track.append': {
    points: { lon: number; lat: number; at: string; accuracy_m?: number | null }[]
    datum?: Location['datum']
  }
  'photo.attach': { photos: Photos }
}

export type CommandName = keyof Commands

/** A command to hand in. */
export interface NewCommand<Name extends CommandName = CommandName> {
  type: Name
  /** The record it is about; for a new record leave it out, one is made. */
  entity_id?: string
  /** The `version` of the record that the worker saw; case commands need it, new records have none. */
  base_version?: number | null
  data: Commands[Name]
  /** The mids of items that this one must not be done before. */
  depends_on?: string[]
}
