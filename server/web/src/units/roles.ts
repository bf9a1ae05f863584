/** Who may do one thing: role → how far. */
export interface RoleAction {
  action: string
  reach: Record<string, string>
}
export interface RoleTable {
  roles: string[]
  actions: RoleAction[]
}
export interface RoleGroup {
  name: string
  actions: RoleAction[]
}

const GROUPS = ['case', 'joint', 'user', 'unit', 'device', 'sync', 'photo', 'inspection', 'community', 'facility', 'charging_site', 'complaint', 'work', 'vote', 'paper']

/** The actions that fit, by what they are about; those that only show something stand together. */
export function grouped(actions: RoleAction[], wanted: { text: string; role: string; nameOf: (action: string) => string }): RoleGroup[] {
  const text = wanted.text.trim().toLowerCase()
  const groups = new Map<string, RoleAction[]>([...GROUPS, 'lists', 'other'].map((name) => [name, []]))
  for (const one of actions) {
    const fits = !text || `${one.action} ${wanted.nameOf(one.action)}`.toLowerCase().includes(text)
    if (fits && (!wanted.role || one.reach[wanted.role])) groups.get(groupOf(one.action))!.push(one)
  }
  return [...groups].filter(([, found]) => found.length).map(([name, found]) => ({ name, actions: found }))
}

function groupOf(action: string): string {
  const [subject = '', deed = ''] = action.split('.')
  if (['list', 'read', 'draw', 'register'].includes(deed)) return 'lists'
  return GROUPS.includes(subject) ? subject : 'other'
}
