/** The data of a history entry as lines to read: nested values flattened to one text, empty ones left out. */
export function lines(data: Record<string, unknown> | null): { key: string; text: string }[] {
  return Object.entries(data ?? {})
    .map(([key, value]) => ({ key, text: readable(value) }))
    .filter((line) => line.text !== '')
}

function readable(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (Array.isArray(value)) return value.map(short).filter(Boolean).join(', ')
  return short(value)
}

function short(value: unknown): string {
  if (typeof value !== 'object' || value === null) return shortHash(String(value ?? ''))
  if ('lon' in value && 'lat' in value) return `${value.lon}, ${value.lat}`
  if ('sha256' in value) return shortHash(String(value.sha256))
  return JSON.stringify(value)
}

function shortHash(text: string): string {
  return /^[0-9a-f]{64}$/.test(text) ? `${text.slice(0, 8)}…` : text
}
