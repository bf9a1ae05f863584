/** One field of two versions. */
export interface Compared {
  name: string
  mine: string
  current: string
  differs: boolean
}

const LONGEST = 200
const HIDDEN = new Set(['geometry', 'photos', 'evidence', 'version', 'rev'])

/** The fields of two versions side by side; of the present one only what the other also names, and its state. */
export function compared(mine: unknown, current: unknown): Compared[] {
  const [ours, theirs] = [plain(mine), plain(current)]
  const names = [...new Set([...Object.keys(ours), ...['state', 'due_at', 'checker_id'].filter((name) => name in theirs)])]
  return names
    .filter((name) => !HIDDEN.has(name))
    .map((name) => ({ name, mine: say(ours[name]), current: say(theirs[name]), differs: name in ours && name in theirs && say(ours[name]) !== say(theirs[name]) }))
}

/** An edit's fields count as what they were to become. */
function plain(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return {}
  const fields = (value as { fields?: Record<string, { new: unknown }> }).fields
  return fields ? Object.fromEntries(Object.entries(fields).map(([name, change]) => [name, change.new])) : (value as Record<string, unknown>)
}

function say(value: unknown): string {
  if (value === undefined || value === null || value === '') return '—'
  return (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, LONGEST)
}
