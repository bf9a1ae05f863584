import { defineStore } from 'pinia'
import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { useChecklists } from './directory'
import { useLanguage } from './i18n'
import { inLanguage } from './language'
import type { Checklist, ChecklistItem } from './types'

export interface Category {
  code: string
  label_zh?: string
  label_en?: string
}

/** The categories a walk can find, as the checklists in force offer them for choice. */
export const useCategories = defineStore('categories', () => {
  const checklists = useChecklists()
  const rows = computed(() => categoriesOf(checklists.rows))
  return { rows, load: checklists.load, byCode: computed(() => new Map(rows.value.map((row) => [row.code, row]))) }
})

/** The choices of every item that asks for a category, each once. */
export function categoriesOf(checklists: Checklist[]): Category[] {
  const found = new Map<string, Category>()
  const look = (item: ChecklistItem): void => {
    if (item.code === 'category') for (const choice of item.choices ?? []) found.set(choice.code, choice)
    item.items?.forEach(look)
  }
  for (const checklist of checklists) checklist.items.forEach(look)
  return [...found.values()]
}

/** Labels for identifiers, in the reader's language; an identifier without a label is shown as it is. */
export function useLabels() {
  const { t, te } = useI18n({ useScope: 'global' })
  const { language } = useLanguage()
  const categories = useCategories()

  function label(kind: string, code: string | null | undefined): string {
    if (!code) return '—'
    const key = `words.${kind}['${code}']`
    return te(key, 'zh-CN') ? t(key) : code
  }
  function category(code: string | null | undefined): string {
    const row = code ? categories.byCode.get(code) : undefined
    return row ? inLanguage(language.value, row.label_zh, row.label_en) : (code ?? '—')
  }
  /** The category of a record that brings its own labels. */
  function categoryOf(record: { category: string; category_zh?: string; category_en?: string }): string {
    return inLanguage(language.value, record.category_zh, record.category_en) || category(record.category)
  }
  return { label, category, categoryOf, language }
}
