import type { Answer, Instance, Item, Place } from '../checklist/model'

/** An answer with another value; what stands beside it stays, the other two states go. None when nothing is left. */
export function withValue(answer: Answer | undefined, value: unknown): Answer | undefined {
  const { note, photos, location, joins } = answer ?? {}
  const next = tidy({ note, photos, location, joins })
  if (value !== undefined && value !== null) next.value = value
  return Object.keys(next).length > 0 ? next : undefined
}

/** An answer with something beside it changed. */
export function withExtras(answer: Answer | undefined, part: Pick<Answer, 'note' | 'photos' | 'location' | 'joins'>): Answer | undefined {
  const next = tidy({ ...answer, ...part })
  return Object.keys(next).length > 0 ? next : undefined
}

/** A place that nobody named is where the worker stood when he found fault. */
export function placed<T extends { location?: Place | null }>(answer: T, place: Place | null): T {
  return answer.location || !place ? answer : { ...answer, location: place }
}

/** A group with one of its instances changed, added (at the end) or, without a new one, taken away. */
export function withInstance(answer: Answer | undefined, index: number, next: Instance | undefined): Answer | undefined {
  const instances = [...(answer?.instances ?? [])]
  if (next) instances[index] = next
  else instances.splice(index, 1)
  return instances.length > 0 ? { ...answer, na: undefined, not_inspected: undefined, instances } : undefined
}

/** What an answer says, in words: for lists. `words` gives the labels. */
export function sayAnswer(
  item: Item,
  answer: Answer | undefined,
  words: { yes: string; no: string; na: string; notInspected: string; blank: string; named: (zh: string, en: string) => string; count: (n: number) => string },
): string {
  if (!answer) return words.blank
  if (answer.na) return words.na
  if (answer.not_inspected) return `${words.notInspected}：${answer.not_inspected}`
  if (answer.instances) return words.count(answer.instances.length)
  const { value } = answer
  if (value === undefined) return words.blank
  if (typeof value === 'boolean') return value ? words.yes : words.no
  const labelOf = (code: unknown) => {
    const choice = item.choices?.find((one) => one.code === code)
    return choice ? words.named(choice.label_zh, choice.label_en) : String(code)
  }
  if (item.type === 'photo' || item.type === 'sig') return words.count((value as unknown[]).length)
  if (Array.isArray(value)) return value.map(labelOf).join('、') || words.count(0)
  return typeof value === 'object' ? '✓' : labelOf(value)
}

function tidy(answer: Answer): Answer {
  return Object.fromEntries(Object.entries(answer).filter(([, part]) => part !== undefined && part !== null && part !== '' && !(Array.isArray(part) && part.length === 0 && part !== answer.value))) as Answer
}
