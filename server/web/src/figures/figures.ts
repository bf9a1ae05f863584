import type { LocationQueryRaw } from 'vue-router'

/** One number with the address that lists exactly the cases it counts. */
export interface Figure {
  cases: number
  times: number | null
  mean_h: number | null
  median_h: number | null
  p90_h: number | null
  list: string
}
export interface Group {
  key: string
  name_zh: string
  name_en: string
  figures: Record<string, Figure>
}
export interface Figures {
  at: string
  group_by: string | null
  titles: { name: string; title_zh: string; title_en: string }[]
  whole: Record<string, Figure>
  groups: Group[]
  left_off: number
}

export const GROUPS = ['unit', 'subdistrict', 'category', 'community', 'month'] as const
export const LINKS = ['verify', 'file', 'dispatch', 'accept', 'treat', 'check'] as const

/** The figures of cases, in the order they are told; those of links are told for each link. */
export function ofCases(names: readonly string[]): string[] {
  return names.filter((name) => !LINKS.some((link) => name === `${link}_done` || name === `${link}_late`))
}

/** Where the ledger shows the cases of a figure: the same question, in the page's own address. */
export function listed(figure: Figure): LocationQueryRaw {
  return Object.fromEntries(new URLSearchParams(figure.list.split('?')[1] ?? ''))
}

/** Hours as people read them: whole days from two days on. */
export function spent(hours: number | null): { value: number; unit: 'hours' | 'days' } | null {
  if (hours === null) return null
  return hours < 48 ? { value: Math.round(hours * 10) / 10, unit: 'hours' } : { value: Math.round(hours / 2.4) / 10, unit: 'days' }
}
