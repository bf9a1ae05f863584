import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { get } from './client'
import { useLanguage } from './i18n'
import { inLanguage } from './language'
import type { Page, Severity } from './types'

/** A row of the category table: what is looked for, the measure it belongs to, the severities it knows. */
export interface Category {
  code: string
  label_zh: string
  label_en: string
  measures: number[]
  severities: Severity[]
}

/** The county's categories, loaded once per sign-in. */
export const useCategories = defineStore('categories', () => {
  const rows = shallowRef<Category[]>([])
  let loading: Promise<void> | null = null

  async function fetchRows() {
    rows.value = (await get<Page<Category>>('/api/v1/categories')).items
  }
  /** Load the table unless it is there. A failure leaves codes in place of labels and is tried again next time. */
  async function load() {
    loading ??= fetchRows().catch(() => void (loading = null))
    await loading
  }
  return { rows, load, byCode: computed(() => new Map(rows.value.map((row) => [row.code, row]))) }
})

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
  return { label, category, language }
}
