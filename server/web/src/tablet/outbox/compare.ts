import { factsAsked, factsNamed, type EditData } from '../protocol'

/** One field of two versions. */
export interface Compared {
  name: string
  mine: string
  current: string
  differs: boolean
}

const LONGEST = 200
const HIDDEN = new Set(['photos', 'evidence', 'version', 'rev'])

/** How a value reads; `say` of a caller knows the words of the domain. */
export type Say = (name: string, value: unknown) => string

/** The fields of two versions side by side; of the present one only what the other also names, and its state. */
export function compared(mine: unknown, current: unknown, say: Say = plainly): Compared[] {
  const [ours, theirs] = [plain(mine), asked(mine, plain(current))]
  const names = [...new Set([...Object.keys(ours), ...['state', 'due_at', 'checker_id'].filter((name) => name in theirs)])]
  return names
    .filter((name) => !HIDDEN.has(name))
    .map((name) => ({ name, mine: say(name, ours[name]), current: say(name, theirs[name]) }))
    .map((row) => ({ ...row, differs: row.name in ours && row.name in theirs && row.mine !== row.current }))
}

/** An edit's fields count as what they were to become. */
function plain(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return {}
  const fields = (value as Partial<EditData>).fields
  return fields ? Object.fromEntries(Object.entries(fields).map(([name, change]) => [name, name === 'attributes' ? factsNamed(change.new, factsAsked(change)) : change.new])) : (value as Record<string, unknown>)
}

/** Of what stands, the facts that an edit asks for: it says nothing of the others. */
function asked(mine: unknown, theirs: Record<string, unknown>): Record<string, unknown> {
  const change = (mine as Partial<EditData> | null)?.fields?.attributes
  return change && theirs.attributes ? { ...theirs, attributes: factsNamed(theirs.attributes, factsAsked(change)) } : theirs
}

/** A value as it was sent; a dash for none. */
export function plainly(_name: string, value: unknown): string {
  if (value === undefined || value === null || value === '') return '—'
  return (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, LONGEST)
}
