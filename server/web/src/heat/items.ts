import { computed } from 'vue'
import { useChecklists } from '@/shared/directory'
import { useLanguage } from '@/shared/i18n'
import { inLanguage } from '@/shared/language'
import type { ChecklistItem } from '@/shared/types'

export interface ItemChoice {
  value: string
  text: string
  checklist: string
}

/** The items of the current checklists, as people choose among them; one code once. */
export function useItems() {
  const checklists = useChecklists()
  const { language } = useLanguage()
  void checklists.load()
  const items = computed(() => {
    const found = new Map<string, ItemChoice>()
    const take = (checklist: string, item: ChecklistItem) => {
      const text = inLanguage(language.value, item.label_zh, item.label_en) || item.code
      if (!found.has(item.code)) found.set(item.code, { value: item.code, text, checklist })
      item.items?.forEach((inner) => take(checklist, inner))
    }
    for (const { code, items } of checklists.rows) items.forEach((item) => take(code, item))
    return [...found.values()]
  })
  const itemName = (code: string) => items.value.find(({ value }) => value === code)?.text ?? code
  return { items, itemName }
}
