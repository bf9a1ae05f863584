import type { LocationQuery } from 'vue-router'

export const PAPER_FILTERS = ['text', 'state', 'kind', 'body', 'case_id'] as const

export type PaperFilters = Partial<Record<(typeof PAPER_FILTERS)[number], string>>

/** The filters of the list of papers that an address carries, named as the API names them. */
export function paperFiltersOf(query: LocationQuery): PaperFilters {
  const filters: PaperFilters = {}
  for (const name of PAPER_FILTERS) {
    const value = [query[name]].flat()[0]?.trim()
    if (value) filters[name] = value
  }
  return filters
}
