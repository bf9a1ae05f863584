import { inLanguage } from '@/shared/language'
import type { Checklist, ChecklistItem } from '@/shared/types'

/** One answer, ready to be read: its label, what was said, and the photos beside it. */
export interface Line {
  code: string
  label: string
  said: Said
  note: string | null
  photos: string[]
  instances: { lines: Line[]; note: string | null; photos: string[] }[]
}

export type Said =
  | { kind: 'value'; value: unknown }
  | { kind: 'na' }
  | { kind: 'not_inspected'; reason: string }
  | { kind: 'instances' }
  | { kind: 'photo' }

interface Answer {
  value?: unknown
  na?: boolean
  not_inspected?: string
  instances?: Record<string, unknown>[]
  note?: string
  photos?: string[]
}

/** The answers in the checklist's order with its labels; answers it does not know keep their code as label. */
export function linesOf(answers: Record<string, unknown>, items: ChecklistItem[], language: string): Line[] {
  const known = new Map(items.map((item) => [item.code, item]))
  const codes = [...items.map((item) => item.code), ...Object.keys(answers).filter((code) => !known.has(code))]
  return codes
    .filter((code) => isAnswer(answers[code]))
    .map((code) => line(code, answers[code] as Answer, known.get(code), language))
}

function line(code: string, answer: Answer, item: ChecklistItem | undefined, language: string): Line {
  return {
    code,
    label: labelOf(item, language) || code,
    said: saidIn(answer, item, language),
    note: answer.note ?? null,
    photos: [...(answer.photos ?? []), ...(item?.type === 'photo' ? digestsIn(answer.value) : [])],
    instances: (answer.instances ?? []).map((instance) => ({
      lines: linesOf(instance, item?.items ?? [], language).filter((inner) => !BESIDES.has(inner.code)),
      note: typeof instance.note === 'string' ? instance.note : null,
      photos: Array.isArray(instance.photos) ? (instance.photos as string[]) : [],
    })),
  }
}

const BESIDES = new Set(['photos', 'location', 'joins', 'note'])

function saidIn(answer: Answer, item: ChecklistItem | undefined, language: string): Said {
  if (answer.na) return { kind: 'na' }
  if (answer.not_inspected !== undefined) return { kind: 'not_inspected', reason: answer.not_inspected }
  if (answer.instances) return { kind: 'instances' }
  if (item?.type === 'photo') return { kind: 'photo' }
  return { kind: 'value', value: withLabels(answer.value, item, language) }
}

function digestsIn(value: unknown): string[] {
  return [value].flat().filter((one): one is string => typeof one === 'string')
}

function withLabels(value: unknown, item: ChecklistItem | undefined, language: string): unknown {
  if (Array.isArray(value)) return value.map((one) => withLabels(one, item, language))
  const choice = item?.choices?.find((option) => option.code === value)
  return choice ? inLanguage(language, choice.label_zh, choice.label_en) || value : value
}

/** The label of a checklist item in the reader's language. */
export function labelOf(item: ChecklistItem | undefined, language: string): string {
  return inLanguage(language, item?.label_zh, item?.label_en)
}

/** The title of a checklist in the reader's language. */
export function titleOf(checklist: Checklist | undefined, language: string): string {
  return inLanguage(language, checklist?.title_zh, checklist?.title_en)
}

function isAnswer(found: unknown): boolean {
  return typeof found === 'object' && found !== null && !Array.isArray(found)
}
