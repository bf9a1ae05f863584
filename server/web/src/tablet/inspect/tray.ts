import type { Answers, Item } from '../checklist/model'
import { withExtras } from './answers'
import type { InspectionDraft } from './draft'

/** A place where a photo from the tray can be put: an item, or one instance of a group. */
export interface Spot {
  code: string
  instance: number | null
  zh: string
  en: string
}

/** Where photos can go: first the instances found so far, then the items that have an answer, then the others. */
export function spotsOf(items: readonly Item[], answers: Answers): Spot[] {
  const instances = items.flatMap((item) =>
    (answers[item.code]?.instances ?? []).map((_, index) => ({ code: item.code, instance: index, zh: `${item.label_zh} ${index + 1}`, en: `${item.label_en} ${index + 1}` })),
  )
  const plain = items.filter((item) => item.type !== 'group' && item.type !== 'sig')
  const [told, untold] = [plain.filter((item) => answers[item.code]), plain.filter((item) => !answers[item.code])]
  return [...instances, ...[...told, ...untold].map((item) => ({ code: item.code, instance: null, zh: item.label_zh, en: item.label_en }))]
}

/** The draft with a photo taken from the tray and put to a spot. */
export function assigned(draft: InspectionDraft, sha256: string, spot: Spot): Pick<InspectionDraft, 'answers' | 'tray'> {
  const answer = draft.answers[spot.code]
  const tray = draft.tray.filter((one) => one !== sha256)
  if (spot.instance === null) {
    const next = withExtras(answer, { photos: [...(answer?.photos ?? []), sha256] })!
    return { tray, answers: { ...draft.answers, [spot.code]: next } }
  }
  const instances = (answer?.instances ?? []).map((one, index) => (index === spot.instance ? { ...one, photos: [...(one.photos ?? []), sha256] } : one))
  return { tray, answers: { ...draft.answers, [spot.code]: { ...answer, instances } } }
}
