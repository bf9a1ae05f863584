import { get, post } from '@/shared/client'
import { wholeList } from '@/shared/list'
import type { Case, HistoryEntry } from '@/shared/types'

/** A case as it stands now. Raises Problem. */
export const readCase = (id: string) => get<Case>(`/api/v1/cases/${encodeURIComponent(id)}`)

/** Every entry of a case's history, oldest first. Raises Problem. */
export const readHistory = (id: string) => wholeList<HistoryEntry>(`/api/v1/cases/${encodeURIComponent(id)}/history`)

/** Give a command on the version that was seen; answers the case afterwards. Raises Problem, 409 when it moved on. */
export function command(seen: Case, type: string, data: object): Promise<Case> {
  return post<Case>(`/api/v1/cases/${encodeURIComponent(seen.case_id)}/commands`, {
    type,
    base_version: seen.version,
    data,
  })
}
