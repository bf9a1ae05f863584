import { readCases, readCommunities } from '../data/field'
import { useLive } from '../data/live'
import { useProgramme } from '../data/programme'
import { useTablet } from '../data/session'
import { useWords } from '../i18n'
import type { OutboxItem } from '../protocol'

type Told = { checklist?: string; community_id?: string; category?: string; text?: string; name?: string; description?: string; points?: unknown[] }

/** What an item of the outbox is about, in a line. */
export function useAbout(): (item: OutboxItem) => string {
  const tablet = useTablet()
  const { named } = useWords()
  const { programme, categoryName } = useProgramme()
  const { value: communities } = useLive(() => readCommunities(tablet))
  const { value: cases } = useLive(() => readCases(tablet))
  return (item) => {
    const told = (item.data ?? {}) as Told
    const about = item.type.startsWith('case.') && !told.category ? cases.value?.find((one) => one.case_id === item.entity_id) : undefined
    const checklist = programme.value?.checklists.find((one) => one.code === told.checklist)
    const parts = [
      checklist ? named(checklist.title_zh, checklist.title_en) : '',
      communities.value?.find((one) => one.community_id === told.community_id)?.name ?? '',
      told.category || about ? categoryName(told.category ?? about?.category ?? null) : '',
      about ? `${about.community_name} ${about.number ?? ''}`.trim() : '',
      told.name ?? told.text ?? told.description ?? '',
    ]
    return parts.filter(Boolean).join(' · ')
  }
}
