import { describe, expect, it } from 'vitest'
import { grouped, type RoleAction } from './roles'

const actions: RoleAction[] = [
  { action: 'case.close', reach: { shift_leader: 'subdistrict' } },
  { action: 'cases.list', reach: { shift_leader: 'subdistrict', grid_worker: 'cells' } },
  { action: 'base_map.set', reach: { admin: 'county' } },
]
const nameOf = (action: string) => (action === 'case.close' ? '销号' : '')

describe('the table of roles', () => {
  it('puts commands by what they are about, and what only shows something together', () => {
    expect(grouped(actions, { text: '', role: '', nameOf }).map((one) => one.name)).toEqual(['case', 'lists', 'other'])
  })
  it('is narrowed by words and by what one role may do', () => {
    expect(grouped(actions, { text: '销号', role: '', nameOf })[0]?.actions).toHaveLength(1)
    expect(grouped(actions, { text: '', role: 'grid_worker', nameOf }).flatMap((one) => one.actions)).toHaveLength(1)
  })
})
