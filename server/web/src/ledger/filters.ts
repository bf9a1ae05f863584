import type { LocationQuery } from 'vue-router'

/** The filters of the ledger, named as the API names them: the address of the page is the question to the server. */
export const FILTERS = [
  'text',
  'state',
  'signal',
  'severity',
  'measure',
  'category',
  'unit',
  'community_id',
  'grid_cell',
  'opened_from',
  'opened_to',
  'subdistrict',
  'hexagon',
  'figure',
  'group_by',
  'group',
  'happened',
  'happened_from',
  'happened_to',
  'as_of',
] as const

export type FilterName = (typeof FILTERS)[number]
export type Filters = Partial<Record<FilterName, string>>

/** The filters that an address carries; what it does not know is left out. */
export function filtersOf(query: LocationQuery): Filters {
  const filters: Filters = {}
  for (const name of FILTERS) {
    const value = [query[name]].flat()[0]?.trim()
    if (value) filters[name] = value
  }
  return filters
}

/** The filters after some were changed; an empty one disappears. */
export function changed(filters: Filters, change: Partial<Record<FilterName, string | number | null | undefined>>): Filters {
  const next: Filters = {}
  for (const name of FILTERS) {
    const value = name in change ? change[name] : filters[name]
    const text = value === null || value === undefined ? '' : String(value).trim()
    if (text) next[name] = text
  }
  return next
}
