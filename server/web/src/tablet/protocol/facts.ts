/** What is known of a record by name, such as a facility's `attributes`. Edits are merged fact by fact. */
export type Facts = Record<string, unknown>

export interface FactsChange {
  old: unknown
  new: unknown
}

/** Of a change the facts that it asks for: those in which what was seen and what is to stand differ. */
export function factsAsked({ old, new: told }: FactsChange): string[] {
  const [seen, now] = [factsOf(old), factsOf(told)]
  return [...new Set([...Object.keys(seen), ...Object.keys(now)])].filter((name) => JSON.stringify(seen[name] ?? null) !== JSON.stringify(now[name] ?? null))
}

/** Facts with a change laid over them: what it does not ask for stays, what it takes out goes. */
export function factsOver(held: unknown, change: FactsChange): Facts {
  const facts = { ...factsOf(held) }
  for (const name of factsAsked(change)) {
    const value = factsOf(change.new)[name] ?? null
    if (value === null) delete facts[name]
    else facts[name] = value
  }
  return facts
}

/** The facts of these names; those that are not known are left out. */
export function factsNamed(held: unknown, names: readonly string[]): Facts {
  return Object.fromEntries(Object.entries(factsOf(held)).filter(([name]) => names.includes(name)))
}

function factsOf(value: unknown): Facts {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Facts) : {}
}
