import { post, put } from '@/shared/client'
import { told, type Answers, type Question } from '@/shared/form'
import type { User } from '@/shared/types'

/** A person as the list of people shows them. */
export interface Person extends User {
  active: boolean
  origin: string
  created_at: string
}

/** Roles that the office may give, in the order of the work; admin last. */
export const ROLES = [
  'grid_worker',
  'intake_clerk',
  'dispatcher',
  'shift_leader',
  'subdistrict',
  'neighbourhood',
  'department',
  'property_company',
  'owners_committee',
  'developer',
  'utility',
  'lift_maintainer',
  'patron_officer',
  'planner',
  'headquarters',
  'admin',
]
const WORDLESS = 'abcdefghjkmnpqrstuvwxyz23456789' // without what is mistaken for something else on paper

/** A first password that can be read out and typed: three groups of four. */
export function drawnPassword(bytes: Uint8Array): string {
  const letters = [...bytes.slice(0, 12)].map((byte) => WORDLESS[byte % WORDLESS.length])
  return [0, 4, 8].map((at) => letters.slice(at, at + 4).join('')).join('-')
}

/** Create a person. Raises Problem. */
export function hire(questions: Question[], answers: Answers): Promise<Person> {
  const { cells, unit, display_name, ...rest } = told(questions, answers)
  const optional = { ...(unit ? { unit } : {}), ...(display_name ? { display_name } : {}) }
  return post<Person>('/api/v1/users', { ...rest, ...optional, cells: cells ?? [] })
}

/** Give a person another password; their sign-ins end. Raises Problem. */
export const resetPassword = (name: string, password: string) => put<Person>(pathOf(name, 'password'), { password })

/** Let a person sign in, or no longer. Raises Problem. */
export const setActive = (name: string, active: boolean) => put<Person>(pathOf(name, 'active'), { active })

/** Let a worker walk these cells from a day on, in place of what was open then. Raises Problem. */
export const assign = (name: string, cells: string[], from: string, to: string | null) =>
  put<unknown>(pathOf(name, 'assignments'), { cells, from, to })

function pathOf(name: string, part: string): string {
  return `/api/v1/users/${encodeURIComponent(name)}/${part}`
}
