/** One fact of a history entry, ready to be labelled. */
export interface Fact {
  key: string
  text: string
}

type Data = Record<string, unknown>

/** Facts that the page shows elsewhere, or that are told together with another one. */
const TOLD_ELSEWHERE = new Set(['community', 'inspection', 'lat', 'lon', 'accuracy_m', 'limit_amount', 'limit_unit', 'measure', 'joint_action_id', 'into', 'merged', 'on_behalf_of'])

/** The data of an entry as facts to read: position and limit each in one, what is empty or shown elsewhere left out. */
export function factsOf(data: Data | null): Fact[] {
  const plain = Object.entries(data ?? {})
    .filter(([key]) => !TOLD_ELSEWHERE.has(key))
    .map(([key, value]) => ({ key, text: readable(value) }))
  return [...plain, ...together(data ?? {})].filter((fact) => fact.text !== '')
}

function together({ lon, lat, accuracy_m, limit_amount, limit_unit }: Data): Fact[] {
  const facts: Fact[] = []
  if (typeof lon === 'number' && typeof lat === 'number') {
    const error = typeof accuracy_m === 'number' ? ` ± ${accuracy_m} m` : ''
    facts.push({ key: 'location', text: `${lon.toFixed(6)}, ${lat.toFixed(6)}${error}` })
  }
  if (limit_amount !== undefined && limit_unit !== undefined) {
    facts.push({ key: 'limit', text: `${String(limit_amount)} ${String(limit_unit)}` })
  }
  return facts
}

function readable(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (Array.isArray(value)) return value.map(short).filter(Boolean).join(', ')
  return short(value)
}

function short(value: unknown): string {
  if (typeof value !== 'object' || value === null) return shortHash(String(value ?? ''))
  if ('sha256' in value) return shortHash(String(value.sha256))
  return JSON.stringify(value)
}

function shortHash(text: string): string {
  return /^[0-9a-f]{64}$/.test(text) ? `${text.slice(0, 8)}…` : text
}

/** The joint actions that a history tells of, the newest first. */
export function jointActionsOf(history: { data: Data | null }[]): string[] {
  const ids = history.map((entry) => entry.data?.joint_action_id).filter((id) => typeof id === 'string')
  return [...new Set(ids)].reverse()
}
