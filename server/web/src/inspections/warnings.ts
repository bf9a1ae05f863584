import type { Inspection } from '@/shared/types'

type Warning = NonNullable<Inspection['warnings']>[number]

/** Warnings of one kind about one member, told once: the first, and how many more there are. */
export interface Told {
  warning: Warning
  more: number
}

/** What a list of warnings says, each kind once for each member, in the order in which they came. */
export function gathered(warnings: Warning[]): Told[] {
  const found = new Map<string, Told>()
  for (const warning of warnings) {
    const key = JSON.stringify([warning.type, warning.pointer])
    const told = found.get(key)
    if (told) told.more += 1
    else found.set(key, { warning, more: 0 })
  }
  return [...found.values()]
}
