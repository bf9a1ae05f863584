/** A checklist as it travels: the published document with its version. The names are those of the document. */
export interface Checklist {
  code: string
  version: string
  title_zh: string
  title_en: string
  measures: number[]
  published_on: string
  items: Item[]
}

export type ItemType = 'yn' | 'num' | 'date' | 'one' | 'many' | 'text' | 'pt' | 'ln' | 'pg' | 'photo' | 'ref' | 'sig' | 'group'

export interface Item {
  number?: number
  code: string
  label_zh: string
  label_en: string
  type: ItemType
  evidence?: Evidence[]
  place?: boolean
  optional?: boolean
  masked?: boolean
  minimum?: number
  maximum?: number
  integer?: boolean
  count?: number
  show_when?: Condition
  choices?: Choice[]
  judgements?: Judgement[]
  items?: Item[]
}

export type Evidence = 'photo' | 'document' | 'statement'
export type OutcomeKind = 'violation' | 'task' | 'deduction' | 'refusal' | 'gate'

export interface Choice {
  code: string
  label_zh: string
  label_en: string
  frequent?: boolean
}

/** A value that stands in another answer of the same instance, else of the inspection. */
export interface From {
  from: string
}

/** A number that what is known of the asset may replace. */
export interface Known {
  fact: string
  default: number
}

export interface Judgement {
  when: Condition
  outcome?: OutcomeKind
  category?: string | From
  severity?: string | From
  points?: number | From
  code?: string
  shape?: string
  for_each?: boolean
}

export interface Condition {
  item?: string
  ratio_to?: string
  answered?: boolean
  seen_before?: { days: number }
  and?: Condition[]
  or?: Condition[]
  gte?: number | Known
  gt?: number | Known
  lte?: number | Known
  lt?: number | Known
  eq?: boolean | number | string
  any_of?: string[]
  missing_any?: string[]
  older_than_days?: number | Known
  older_than_work_days?: number | Known
  before_today?: boolean
  within_days?: number | Known
}

export interface Place {
  lon: number
  lat: number
  accuracy_m?: number | null
  datum?: string
  provider?: string
  mock?: boolean
  at?: string
}

/** What may come with any answer and any instance. */
export interface Extras {
  note?: string
  photos?: string[]
  location?: Place | null
  joins?: string | null
}

/** One answer as it is handed in: one of value, na, not_inspected; a group has instances. */
export interface Answer extends Extras {
  value?: unknown
  na?: true
  not_inspected?: string
  instances?: Instance[]
}

/** The answers of one repetition of a group by item code, and what stands beside them. */
export type Instance = Extras & { [code: string]: unknown }

export type Answers = Record<string, Answer>

const BESIDE = new Set(['note', 'photos', 'location', 'joins'])

/** The answers of an instance without what stands beside them, in the order they were given. */
export function partsOf(instance: Instance): [string, Answer][] {
  return Object.entries(instance).filter(([code]) => !BESIDE.has(code)) as [string, Answer][]
}

/** Whether an item, or one inside it, can yield a finding. */
export function judges(item: Item): boolean {
  return Boolean(item.judgements?.length) || Boolean(item.items?.some(judges))
}
