import { instantOf } from './when'

/** One question of a form. `lines` is a list of texts, one a line; `units` several units by code. */
export interface Question {
  name: string
  label: string
  kind: 'line' | 'long' | 'lines' | 'moment' | 'day' | 'flag' | 'choice' | 'units'
  required?: boolean
  options?: { value: string; text: string }[]
}

/** What a person has filled in so far; `lines` are kept as one text. */
export type Answers = Record<string, unknown>

/** The labels of the required questions that are still without an answer. */
export function unanswered(questions: Question[], answers: Answers): string[] {
  return questions.filter((one) => one.required && isEmpty(answers[one.name])).map((one) => one.label)
}

/** The answers as the server reads them: lists for lines, instants for local times; what is empty stays an empty text or list. */
export function told(questions: Question[], answers: Answers): Answers {
  return Object.fromEntries(questions.map((one) => [one.name, valueOf(one, answers[one.name])]))
}

/** The same without what was left empty. */
export function toldOnly(questions: Question[], answers: Answers): Answers {
  return Object.fromEntries(Object.entries(told(questions, answers)).filter(([, value]) => !isEmpty(value)))
}

/** The answers that differ from the first ones. */
export function changed(questions: Question[], before: Answers, answers: Answers): Answers {
  return told(
    questions.filter((one) => (answers[one.name] ?? '') !== (before[one.name] ?? '')),
    answers,
  )
}

function valueOf({ kind }: Question, value: unknown): unknown {
  if (kind === 'units') return value ?? []
  if (kind === 'flag') return value
  const text = String(value ?? '').trim()
  if (kind === 'lines') return text.split('\n').map((line) => line.trim()).filter(Boolean)
  return kind === 'moment' && text ? instantOf(text) : text
}

function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '')
}
