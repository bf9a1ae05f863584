import type { Place } from '../checklist/model'
import { tidiedAttributes, type Attributes } from '../edit/attributes'
import type { Location, NewCommand } from '../protocol'

export const PROPOSALS = ['report', 'complaint', 'facility', 'site'] as const
export const FACILITY_KINDS = ['lift', 'door', 'hydrant', 'extinguisher', 'camera', 'gate', 'charging_port', 'water', 'power', 'transformer', 'other'] as const
export type Proposal = (typeof PROPOSALS)[number]

/** What a worker filled in on the spot; each proposal uses its own part. */
export interface Proposed {
  community_id: string | null
  place: Place | null
  name: string
  kind: string | null
  number: string
  attributes: Attributes
  words: string
  category: string | null
  severity: string | null
  /** The open case that it is the same as. */
  joins: string | null
  channel: string | null
  contact: { name: string; phone: string; address: string }
  ports: number | undefined
  shed: boolean | undefined
  photos: string[]
}

export const NOTHING: Proposed = {
  community_id: null,
  place: null,
  name: '',
  kind: null,
  number: '',
  attributes: {},
  words: '',
  category: null,
  severity: null,
  joins: null,
  channel: 'visit',
  contact: { name: '', phone: '', address: '' },
  ports: undefined,
  shed: undefined,
  photos: [],
}

export function isProposal(name: string): name is Proposal {
  return PROPOSALS.some((one) => one === name)
}

/** What is still missing, by the names in the words. */
export function lacks(what: Proposal, told: Proposed): string[] {
  const lack: string[] = []
  if (!told.community_id) lack.push('community')
  if (what !== 'complaint' && !told.place) lack.push('place')
  if (what === 'report' && !told.category) lack.push('category')
  if (what === 'report' && told.photos.length === 0) lack.push('photo')
  if (what === 'facility' && !told.kind) lack.push('kind')
  if (what === 'facility' && !told.name.trim()) lack.push('name')
  if (what === 'complaint' && !told.words.trim()) lack.push('describe')
  return lack
}

/** The command that hands it in, once nothing is missing. */
export function commandOf(what: Proposal, told: Proposed): NewCommand {
  const community_id = told.community_id!
  const location = told.place as Location
  const words = told.words.trim()
  if (what === 'report') {
    const { category, severity, photos, joins } = told
    return { type: 'case.report', data: { community_id, category: category!, severity, location, photos, ...(joins && { joins }), ...(words && { description: words }) } }
  }
  if (what === 'facility') {
    const number = told.number.trim()
    const attributes = tidiedAttributes(told.attributes)
    const known = { ...(number && { registration_code: number }), ...(Object.keys(attributes).length > 0 && { attributes }) }
    const data = { community_id, kind: told.kind!, name: told.name.trim(), location, ...known }
    return { type: 'facility.create', data }
  }
  if (what === 'site') {
    const name = told.name.trim()
    const data = { community_id, location, photos: told.photos, charging_ports: told.ports ?? null, has_shed: told.shed ?? null, ...(name && { name }), ...(words && { note: words }) }
    return { type: 'charging_site.propose', data }
  }
  const contact = Object.fromEntries(Object.entries(told.contact).flatMap(([name, text]) => (text.trim() ? [[name, text.trim()]] : [])))
  return {
    type: 'complaint.create',
    data: { community_id, description: words, channel: told.channel, category: told.category, location: told.place as Location | null, photos: told.photos, ...(Object.keys(contact).length > 0 && { contact }) },
  }
}
