import { computed, reactive } from 'vue'
import { useWords } from '../i18n'

/** The words in which answers are told in lists. */
export function useSaying() {
  const { t, named } = useWords()
  return reactive({
    yes: computed(() => t('inspect.yes')),
    no: computed(() => t('inspect.no')),
    na: computed(() => t('inspect.na')),
    notInspected: computed(() => t('inspect.notInspected')),
    blank: computed(() => t('inspect.reviewView.unanswered')),
    named: (zh: string, en: string) => named(zh, en),
    count: (n: number) => (n === 0 ? t('inspect.group.none') : String(n)),
  })
}
