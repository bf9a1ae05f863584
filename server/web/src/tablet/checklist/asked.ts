import { holds, type Scope } from './conditions'
import { read } from './judge'
import { partsOf, type Answer, type Answers, type Checklist, type Instance, type Item } from './model'

/** Skip rules see the answers beside them and nothing of the world. */
function beside(items: readonly Item[], answerOf: (code: string) => Answer | undefined): Scope {
  return {
    answer: (code) =>
      read(
        items.find((item) => item.code === code),
        answerOf(code),
      ),
    daysSince: () => 0,
    workDaysSince: () => 0,
    fact: () => null,
    firstSeenOn: () => null,
  }
}

/** The items that are asked, given the answers so far: what a skip rule hides is left out. */
export function askedItems(checklist: Checklist, answers: Answers): Item[] {
  return shown(checklist.items, (code) => answers[code])
}

/** The members of a group that are asked in one instance. */
export function askedMembers(group: Item, instance: Instance): Item[] {
  return shown(group.items ?? [], (code) => instance[code] as Answer | undefined)
}

function shown(items: readonly Item[], answerOf: (code: string) => Answer | undefined): Item[] {
  const scope = beside(items, answerOf)
  return items.filter((item) => !item.show_when || holds(item.show_when, null, scope))
}

/** Whether an item has an answer of any of the three kinds; a group once each of its instances is filled. */
export function isAnswered(item: Item, answer: Answer | undefined): boolean {
  if (!answer) return false
  if (item.type === 'group' && answer.instances) return answer.instances.every((one) => isFilled(item, one))
  return read(item, answer) !== null
}

/** Whether an instance leaves nothing blank that is asked for. */
export function isFilled(group: Item, instance: Instance): boolean {
  return askedMembers(group, instance).every((item) => item.optional || isAnswered(item, instance[item.code] as Answer | undefined))
}

/** The asked items without an answer: a blank is neither "not applicable" nor "not inspected". */
export function blanks(checklist: Checklist, answers: Answers): Item[] {
  return askedItems(checklist, answers).filter((item) => !item.optional && !isAnswered(item, answers[item.code]))
}

/** The answers without those that a skip rule hides now, ready to be handed in. */
export function withoutSkipped(checklist: Checklist, answers: Answers): Answers {
  const kept: Answers = {}
  for (const item of askedItems(checklist, answers)) {
    const answer = answers[item.code]
    if (!answer || !isAnswered(item, answer)) continue
    kept[item.code] = answer.instances ? { ...answer, instances: answer.instances.map((one) => trimmed(item, one)) } : answer
  }
  return kept
}

function trimmed(group: Item, instance: Instance): Instance {
  const asked = new Set(askedMembers(group, instance).map((item) => item.code))
  const hidden = partsOf(instance).filter(([code]) => !asked.has(code))
  const kept = { ...instance }
  for (const [code] of hidden) delete kept[code]
  return kept
}

/** The photos that answers name, each once. */
export function photosIn(answers: Answers): string[] {
  const found = Object.values(answers).flatMap((answer) => [
    ...photosOf(answer),
    ...(answer.instances ?? []).flatMap((one) => [...(one.photos ?? []), ...partsOf(one).flatMap(([, part]) => photosOf(part))]),
  ])
  return [...new Set(found)]
}

const DIGEST = /^[0-9a-f]{64}$/

function photosOf(answer: Answer): string[] {
  const values = Array.isArray(answer.value) ? answer.value : [answer.value]
  return [...(answer.photos ?? []), ...values.filter((one): one is string => typeof one === 'string' && DIGEST.test(one))]
}
