import { get, post, unsigned } from '@/shared/client'

/** What a report can name. */
export interface ReportForm {
  communities: { community_id: string; name: string; neighbourhood: string | null }[]
  categories: { category: string; label_zh: string; label_en: string }[]
}

/** What a report is followed by; the code is told once. */
export interface Receipt {
  number: string
  code: string
  received_at: string
  answer_due_at: string | null
}

/** How one's own report stands. */
export interface Followed {
  number: string
  state: string
  community_name: string
  category_zh: string | null
  category_en: string | null
  description: string
  received_at: string
  answer_due_at: string | null
  answer: string | null
  case_number: string | null
  steps: { at: string; command: string }[]
  may_close: boolean
  may_reopen: boolean
}

export const readForm = () => get<ReportForm>('/api/v1/public/complaint-form')
export const report = (body: unknown) => post<Receipt>('/api/v1/public/complaints', body)
export const follow = (number: string, code: string) => post<Followed>('/api/v1/public/complaints/follow', { number, code })

/** Say whether the answer settles it; a reason when it does not. */
export function say(number: string, code: string, satisfied: boolean, reason: string): Promise<Followed> {
  return post('/api/v1/public/complaints/verdict', { number, code, satisfied, reason })
}

/** Add a photo to one's own report. Raises Problem. */
export async function addPhoto(receipt: Receipt, photo: File): Promise<void> {
  await unsigned(`/api/v1/public/complaints/${receipt.number}/photos`, photo, { 'X-Follow-Up-Code': receipt.code })
}
