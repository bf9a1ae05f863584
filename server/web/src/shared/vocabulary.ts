import { useI18n } from 'vue-i18n'
import { useCategories } from './directory'
import { useLanguage } from './i18n'
import { inLanguage } from './language'

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
    const row = code ? categories.byCategory.get(code) : undefined
    return row ? inLanguage(language.value, row.label_zh, row.label_en) : (code ?? '—')
  }
  /** The category of a record that brings its own labels. */
  function categoryOf(record: { category: string; category_zh?: string; category_en?: string }): string {
    return inLanguage(language.value, record.category_zh, record.category_en) || category(record.category)
  }
  return { label, category, categoryOf, language }
}
