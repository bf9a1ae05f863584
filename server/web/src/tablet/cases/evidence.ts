import { photosIn } from '../checklist/asked'
import type { Answers } from '../checklist/model'
import type { CaseRecord, InspectionData, OutboxItem, Photos, Tablet } from '../protocol'

/** A photo of a case, as far as this tablet knows. */
export interface CasePhoto {
  sha256: string
  role: string
}

/** The photos of a case: those that a task to check it carries, and those of the worker's own work about it. */
export async function photosOfCase(tablet: Tablet, one: CaseRecord): Promise<CasePhoto[]> {
  const task = await tablet.mirror.get('task', one.case_id)
  const carried = task && 'photos' in task.data ? task.data.photos.map(({ sha256, role }) => ({ sha256, role })) : []
  const about = await tablet.outbox.about(one.case_id)
  const found = one.inspection_id ? await tablet.outbox.about(one.inspection_id) : []
  const own = [...found, ...about].flatMap((item) => photosOfItem(item, one.category))
  return [...new Map([...own, ...carried].map((photo) => [photo.sha256, photo])).values()]
}

function photosOfItem(item: OutboxItem, category: string): CasePhoto[] {
  if (item.type.startsWith('inspection.')) return photosAbout(item.data as InspectionData, category)
  const role = item.type === 'case.report' ? 'before' : item.type === 'case.check' ? 'check' : item.type === 'case.claim_fixed' ? 'after' : 'other'
  return (((item.data ?? {}) as { photos?: Photos }).photos ?? []).map((one) => (typeof one === 'string' ? { sha256: one, role } : { sha256: one.sha256, role: one.role ?? role }))
}

/** Of an inspection's photos those of the finding that opened the case; of its kind where there are several. */
function photosAbout(data: InspectionData, category: string): CasePhoto[] {
  const walk = data.answers.finding?.instances?.filter((one) => (one.category as { value?: unknown } | undefined)?.value === category)
  const answers = (walk?.length ? { finding: { instances: walk } } : data.answers) as Answers
  return photosIn(answers).map((sha256) => ({ sha256, role: 'before' }))
}
