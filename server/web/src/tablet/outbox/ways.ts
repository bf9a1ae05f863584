import type { RouteLocationRaw } from 'vue-router'
import { DEEDS, type Deed } from '../cases/deeds'
import { EDITABLE, isEditable, type EditEntity, type Values } from '../edit/fields'
import { factsAsked, factsNamed, type Commands, type EditData, type FactsChange, type OutboxItem, type Photos } from '../protocol'

const DEED_OF = Object.fromEntries(Object.entries(DEEDS).map(([deed, command]) => [command, deed])) as Record<string, Deed>

/** Which record an item edits field by field; null for all others. */
export function editedEntity(item: Pick<OutboxItem, 'type'>): EditEntity | null {
  const [entity = '', deed] = item.type.split('.')
  return deed === 'edit' && isEditable(entity) ? entity : null
}

/** The page on which the same thing is done anew; null where there is none. */
export function redoOf(item: Pick<OutboxItem, 'type' | 'entity_id'>): RouteLocationRaw | null {
  const entity = editedEntity(item)
  if (entity) return { name: 'edit', params: { entity, id: item.entity_id } }
  const deed = DEED_OF[item.type]
  return deed ? { name: 'deed', params: { id: item.entity_id, deed } } : null
}

/** The worker's values once more, as changes of what stands there now: he has seen it and means his own. */
export function mineOverTheirs(item: Pick<OutboxItem, 'type' | 'data'>, theirs: Values): EditData {
  const entity = editedEntity(item)
  const { fields } = item.data as EditData
  const names: readonly string[] = entity ? EDITABLE[entity].fields : []
  const kept = Object.entries(fields).filter(([name]) => names.includes(name))
  return { fields: Object.fromEntries(kept.map(([name, change]) => [name, { old: seenOf(name, change, theirs), new: change.new }])) }
}

function seenOf(name: string, change: FactsChange, theirs: Values): unknown {
  const stands = theirs[name as keyof Values] ?? null
  return name === 'attributes' ? factsNamed(stands, factsAsked(change)) : stands
}

/** What a step of a case said and showed, as a remark that any state takes: work on the spot is not thrown away. */
export function asNote(item: Pick<OutboxItem, 'type' | 'data'>): Commands['case.note'] | null {
  if (!item.type.startsWith('case.') || ['case.note', 'case.report', 'case.accept'].includes(item.type)) return null
  const { reason, done, note, photos = [] } = (item.data ?? {}) as { reason?: string; done?: string; note?: string; photos?: Photos }
  const text = reason ?? done ?? note ?? ''
  return text || photos.length ? { text: text || '—', photos: photos.map((one) => (typeof one === 'string' ? one : one.sha256)) } : null
}
