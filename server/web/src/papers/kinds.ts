import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { useLanguage } from '@/shared/i18n'
import { inLanguage } from '@/shared/language'
import { readKinds, type Kind } from './papers'

/** The kinds of papers with their templates, read once; whoever replaces a template puts the answer here. */
export const useKindRows = defineStore('paper-kinds', () => {
  const rows = shallowRef<Kind[]>([])
  async function load() {
    if (!rows.value.length) rows.value = await readKinds()
  }
  return { rows, load }
})

/** Titles of papers and labels of their fields in the reader's language. */
export function usePaperNames() {
  const { language } = useLanguage()
  const title = (paper: { title: string; title_en: string }) => inLanguage(language.value, paper.title, paper.title_en)
  const labelOf = (field: { label: string; label_en: string }) => inLanguage(language.value, field.label, field.label_en)
  return { title, labelOf }
}
