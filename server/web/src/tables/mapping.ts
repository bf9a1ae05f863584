/** A field that a column of a foreign ledger can become. */
export interface Field {
  name: string
  label_zh: string
  label_en: string
  kind: string
  required: boolean
  choices: string[]
}

/** How one foreign ledger is read; what this page does not edit rides along. */
export interface Mapping {
  columns?: Record<string, string>
  defaults?: Record<string, string>
  [more: string]: unknown
}

/** What each title becomes: what the mapping says wins over what the title says by itself. */
export function chosen(titles: string[], mapping: Mapping, byTitle: Record<string, string>): Record<string, string> {
  const mapped = mapping.columns ?? {}
  const taken = new Set(Object.values(mapped))
  const columns: Record<string, string> = {}
  for (const title of titles) {
    const own = byTitle[title] ?? ''
    columns[title] = mapped[title] ?? (taken.has(own) ? '' : own)
  }
  return columns
}

/** The mapping with these columns; a title without a field is left out. */
export function withColumns(mapping: Mapping, columns: Record<string, string>): Mapping {
  const named = Object.entries(columns).filter(([, name]) => name)
  return { ...mapping, columns: Object.fromEntries(named) }
}

/** The fields that must be there and are told nowhere. */
export function lacking(fields: Field[], columns: Record<string, string>, mapping: Mapping): Field[] {
  const told = new Set([...Object.values(columns), ...Object.keys(mapping.defaults ?? {})])
  return fields.filter((field) => field.required && !told.has(field.name))
}
