import type { CaseRecord, CommunityRecord, EntityName, Held, InspectionRecord, Tablet } from '../protocol'

/** Every record of a kind in the worker's cells, each once. Read cell by cell, so that no read holds the page up. */
export async function inMyCells<Name extends EntityName>(tablet: Tablet, entity: Name): Promise<Held<Name>[]> {
  const cells = await tablet.mirror.cells()
  if (cells.length === 0) return tablet.mirror.all(entity)
  const found = new Map<string, Held<Name>>()
  for (const cell of cells) for (const held of await tablet.mirror.inCell(entity, cell)) found.set(held.id, held)
  return [...found.values()]
}

export async function readCases(tablet: Tablet): Promise<CaseRecord[]> {
  return (await inMyCells(tablet, 'case')).map((held) => held.data)
}

export async function readCommunities(tablet: Tablet): Promise<CommunityRecord[]> {
  return (await inMyCells(tablet, 'community')).map((held) => held.data)
}

export async function readInspections(tablet: Tablet): Promise<InspectionRecord[]> {
  return (await inMyCells(tablet, 'inspection')).map((held) => held.data)
}

/** A case wherever this tablet has it: in the cells, or carried by the task to check it. */
export async function findCase(tablet: Tablet, id: string): Promise<Held<'case'> | null> {
  const held = await tablet.mirror.get('case', id)
  if (held) return held
  const task = await tablet.mirror.get('task', id)
  if (!task || !('case' in task.data)) return null
  const { case: one } = task.data
  return { entity: 'case', id, data: one, version: one.version, buckets: task.buckets, local: task.local }
}
