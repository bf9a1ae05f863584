import { localDay } from '../checklist/workcalendar'
import { lengthOf, type TrackPoint } from '../device/track'
import type { InspectionData, InspectionRecord, OutboxItem } from '../protocol'

/** One line of the day's log. */
export interface LogLine {
  at: string
  kind: 'inspection' | 'step'
  type: string
  checklist: string | null
  community_id: string | null
  community_name: string | null
  /** Problems found by an inspection, as far as this tablet knows. */
  problems: number
  entity_id: string
}

export interface DayLog {
  lines: LogLine[]
  metres: number
  communities: number
  inspections: number
  problems: number
  steps: number
}

/**
 * What was done on a local day: the tablet's own items, and inspections of the same person that the server knows
 * (from another tablet, or older than the outbox keeps). The earliest first.
 */
export function dayLog(day: string, items: readonly OutboxItem[], inspections: readonly InspectionRecord[], problemsOf: (data: InspectionData) => number): DayLog {
  const of = items.filter((item) => localDay(Date.parse(item.made_at)) === day && item.fate.kind !== 'refused')
  const own = of.filter((item) => item.type === 'inspection.create')
  const known = new Set(own.map((item) => item.entity_id))
  const elsewhere = inspections.filter((one) => !known.has(one.inspection_id) && !one.corrects && localDay(Date.parse(timeOf(one))) === day)
  const steps = of.filter((item) => !item.type.startsWith('inspection.') && item.type !== 'track.append' && item.type !== 'device.gap')
  const lines = [
    ...own.map((item) => ofItem(item, problemsOf)),
    ...elsewhere.map(ofRecord),
    ...steps.map(ofStep),
  ].sort((a, b) => a.at.localeCompare(b.at))
  const walks = lines.filter((line) => line.kind === 'inspection')
  const tracks = of.filter((item) => item.type === 'track.append').map((item) => (item.data as { points: TrackPoint[] }).points)
  return {
    lines,
    metres: tracks.reduce((sum, points) => sum + lengthOf(points), 0),
    communities: new Set(walks.map((line) => line.community_id)).size,
    inspections: walks.length,
    problems: walks.reduce((sum, line) => sum + line.problems, 0),
    steps: steps.length,
  }
}

function timeOf(one: InspectionRecord): string {
  return one.finished_at ?? one.started_at ?? one.received_at
}

function ofItem(item: OutboxItem, problemsOf: (data: InspectionData) => number): LogLine {
  const data = item.data as InspectionData
  return { at: data.finished_at ?? item.made_at, kind: 'inspection', type: item.type, checklist: data.checklist ?? null, community_id: data.community_id, community_name: null, problems: problemsOf(data), entity_id: item.entity_id }
}

function ofRecord(one: InspectionRecord): LogLine {
  return { at: timeOf(one), kind: 'inspection', type: 'inspection.create', checklist: one.checklist, community_id: one.community_id, community_name: one.community_name, problems: one.case_ids.length, entity_id: one.inspection_id }
}

function ofStep(item: OutboxItem): LogLine {
  const data = (item.data ?? {}) as { community_id?: string }
  return { at: item.made_at, kind: 'step', type: item.type, checklist: null, community_id: data.community_id ?? null, community_name: null, problems: 0, entity_id: item.entity_id }
}
