import { holds, type Read, type Scope } from './conditions'
import { daysBetween } from './days'
import {
  judges,
  partsOf,
  type Answer,
  type Answers,
  type Checklist,
  type Evidence,
  type Extras,
  type From,
  type Instance,
  type Item,
  type Judgement,
  type OutcomeKind,
} from './model'
import type { WorkCalendar } from './workcalendar'

/** One consequence of an answer; `pointer` is the JSON pointer of the answer that it follows from. */
export interface Finding {
  kind: OutcomeKind
  item: string
  group: string | null
  instance: number | null
  pointer: string
  category: string | null
  severity: string | null
  points: number | null
  code: string | null
  choice: string | null
  photos: string[]
  asset: string | null
  joins: string | null
  evidence: Evidence[]
  missing: Evidence[]
}

/** What judging is told beside the answers. */
export interface Context {
  /** The local day (YYYY-MM-DD) of the inspection. */
  today: string
  calendar: WorkCalendar
  /** The severities of each category, the gravest first. */
  severities(category: string): string[]
  /** A number known of an asset, such as a lift's own maintenance interval. */
  fact?(asset: string, name: string): number | null
  /** When the thing in an instance was first seen so; a tablet seldom knows. */
  firstSeen?(group: string, instance: number): string | null
}

/** The findings that follow from answers, in the order of the items: the server judges by the same rules. */
export function judge(checklist: Checklist, answers: Answers, context: Context): Finding[] {
  return checklist.items.flatMap((item) => {
    const answer = answers[item.code]
    return answer && judges(item) ? judgeTop(item, answer, new Around(answers, checklist.items, context, item)) : []
  })
}

/** An answer as conditions see it; null when it is blank. */
export function read(item: Item | undefined, answer: Answer | undefined): Read | null {
  if (!answer) return null
  if (answer.na) return { state: 'na', value: null }
  if (answer.not_inspected) return { state: 'not_inspected', value: null }
  if (answer.instances) return { state: 'value', value: null }
  if (answer.value !== undefined && answer.value !== null) return { state: 'value', value: answer.value }
  return item?.type === 'photo' && answer.photos?.length ? { state: 'value', value: answer.photos } : null
}

/** What one judgement sees: the instance, the inspection around it, the world around that. */
class Around implements Scope {
  constructor(
    private readonly answers: Answers,
    private readonly items: readonly Item[],
    readonly context: Context,
    readonly top: Item,
    readonly instance: Instance | null = null,
    readonly index: number | null = null,
  ) {}

  within(instance: Instance, index: number): Around {
    return new Around(this.answers, this.items, this.context, this.top, instance, index)
  }

  answer(code: string): Read | null {
    const near = this.instance && read(itemOf(this.top.items, code), this.instance[code] as Answer | undefined)
    return near ?? read(itemOf(this.items, code), this.answers[code])
  }

  daysSince(day: string): number {
    return daysBetween(day, this.context.today)
  }

  workDaysSince(day: string): number {
    return this.context.calendar.workDaysBetween(day, this.context.today)
  }

  fact(name: string): number | null {
    return this.context.fact?.(this.asset() ?? '', name) ?? null
  }

  firstSeenOn(): string | null {
    return this.index === null ? null : (this.context.firstSeen?.(this.top.code, this.index) ?? null)
  }

  /** The first building, entrance, lift or facility that the instance names. */
  asset(): string | null {
    for (const [code, answer] of this.instance ? partsOf(this.instance) : []) {
      const item = itemOf(this.top.items, code)
      const value = item?.type === 'ref' ? read(item, answer)?.value : null
      if (value) return String(value)
    }
    return null
  }

  resolve<T>(source: T | From | undefined): T | null {
    if (source === undefined) return null
    if (typeof source !== 'object' || source === null || !('from' in source)) return source as T
    return (this.answer(source.from)?.value ?? null) as T | null
  }
}

function itemOf(items: readonly Item[] | undefined, code: string): Item | undefined {
  return items?.find((item) => item.code === code)
}

function judgeTop(item: Item, answer: Answer, scope: Around): Finding[] {
  const here = `/answers/${item.code}`
  if (item.type !== 'group') return judgeItem(item, answer, scope, here)
  return (answer.instances ?? []).flatMap((instance, index) => {
    const inner = scope.within(instance, index)
    const there = `${here}/instances/${index}`
    const whole = judgeItem(item, { instances: [] }, inner, there)
    const parts = partsOf(instance).flatMap(([code, part]) => {
      const member = itemOf(item.items, code)
      return member && part ? judgeItem(member, part, inner, `${there}/${code}`) : []
    })
    return [...whole, ...parts]
  })
}

function judgeItem(item: Item, answer: Answer, scope: Around, here: string): Finding[] {
  const own = read(item, answer)
  if (own === null) return []
  return (item.judgements ?? [])
    .filter((judgement) => holds(judgement.when, own, scope))
    .flatMap((judgement) => {
      const choices = judgement.for_each ? ((own.value ?? []) as string[]) : [null]
      return choices.flatMap((choice) => finding(judgement, item, answer, scope, here, choice))
    })
}

function finding(judgement: Judgement, item: Item, answer: Answer, scope: Around, here: string, choice: string | null): Finding[] {
  const kind = judgement.outcome ?? 'violation'
  const category = scope.resolve(judgement.category)
  if (kind === 'violation' && category === null) return []
  const gravest = category === null ? null : (scope.context.severities(category)[0] ?? null)
  const extras = merged(answer, scope.instance ?? {})
  const evidence = item.evidence ?? []
  return [
    {
      kind,
      item: item.code,
      group: scope.instance ? scope.top.code : null,
      instance: scope.index,
      pointer: here,
      category,
      severity: scope.resolve(judgement.severity) ?? gravest,
      points: scope.resolve(judgement.points),
      code: judgement.code ?? null,
      choice,
      photos: extras.photos ?? [],
      asset: scope.asset(),
      joins: extras.joins ?? null,
      evidence,
      missing: evidence.filter((wanted) => (wanted === 'statement' ? !extras.note : !extras.photos?.length)),
    },
  ]
}

function merged(own: Extras, around: Extras): Extras {
  return {
    note: own.note || around.note,
    photos: [...new Set([...(own.photos ?? []), ...(around.photos ?? [])])],
    location: own.location ?? around.location,
    joins: own.joins ?? around.joins,
  }
}
