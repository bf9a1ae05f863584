import type { Answers, Question } from '@/shared/form'
import type { Evidence, PhotoClaim, Position } from '@/shared/types'

export const COMPLAINT_STATES = ['received', 'acknowledged', 'verifying', 'verified', 'not_accepted', 'transferred', 'answered', 'closed', 'reopened']
export const CHANNELS = ['visit', 'phone', 'hotline', 'online', 'letter']
export const FINDINGS = ['true', 'false', 'not_found']
export const OUTCOMES = ['satisfied', 'unsatisfied', 'unreachable', 'no_objection']

export interface Complaint {
  complaint_id: string
  number: string
  state: string
  version: number
  community_id: string
  community_name: string
  channel: string
  category: string | null
  category_zh: string | null
  category_en: string | null
  description: string
  location: Position | null
  has_contact: boolean
  taken_by: { user_id: string; name: string } | null
  verifier: { user_id: string; name: string } | null
  received_at: string
  due_at: string | null
  overdue: boolean
  answer_due_at: string | null
  finding: string | null
  outcome: string | null
  case: { case_id: string; number: string | null; state: string } | null
  group_id: string
  group_size: number
  evidence: Evidence
}

export interface ComplaintDetail extends Complaint {
  photos: PhotoClaim[]
  commands: string[]
  may_read_contact: boolean
  draft_answer: string | null
}

export interface ComplaintEntry {
  seq: number
  at: string
  command: string
  given_by: string
  actor: { name: string; unit_name: string | null; stands_for?: string | null } | null
  facts: Record<string, string>
  words: Record<string, string>
}

/** The last part of a command's name: `complaint.answer` → `answer`. */
export function short(command: string): string {
  return command.split('.').pop() ?? command
}

type Ask = (name: string) => string
type Options = { value: string; text: string }[]

/** What a command asks for; `word` translates below `complaints`. */
export function questionsOf(command: string, word: Ask, categories: Options, workers: Options = []): Question[] {
  const line = (name: string, kind: Question['kind'], required = false, options?: Options): Question => ({
    name,
    label: word(`field.${name}`),
    kind,
    required,
    options,
  })
  const choice = (name: string, values: string[]) => values.map((value) => ({ value, text: word(`${name}.${value}`) }))
  switch (command) {
    case 'complaint.ask_verification':
      return [line('worker', 'choice', true, workers)]
    case 'complaint.verify':
      return [line('finding', 'choice', true, choice('finding', FINDINGS)), line('text', 'long')]
    case 'complaint.refuse':
    case 'complaint.reopen':
      return [line('reason', 'long', true)]
    case 'complaint.transfer':
      return [
        line('category', 'choice', true, categories),
        line('severity', 'choice', false, ['A', 'B', 'C'].map((value) => ({ value, text: value }))),
        line('description', 'long', true),
      ]
    case 'complaint.answer':
      return [line('answer', 'long', true)]
    case 'complaint.close':
      return [line('outcome', 'choice', true, choice('outcome', OUTCOMES)), line('contacted_on', 'day'), line('text', 'long')]
    case 'complaint.note':
      return [line('text', 'long', true)]
    default:
      return []
  }
}

/** What is filled in before a person begins. */
export function beginning(command: string, known: ComplaintDetail): Answers {
  if (command === 'complaint.answer') return { answer: known.draft_answer ?? '' }
  if (command === 'complaint.transfer') return { category: known.category ?? undefined }
  return {}
}
