import { computed } from 'vue'
import { createI18n, useI18n } from 'vue-i18n'
import { inLanguage } from '@/shared/language'
import { recall, remember } from '@/shared/storage'
import { vocabularyWords } from '@/shared/vocabulary.words'
import { caseWords } from './cases/words'
import { editWords } from './edit/words'
import { enrolWords } from './enrol/words'
import { inspectWords } from './inspect/words'
import { meWords } from './me/words'
import { outboxWords } from './outbox/words'
import { photoWords } from './photos/words'
import { proposeWords } from './propose/words'
import { shellWords } from './shell/words'
import { todayWords } from './today/words'

export type Language = 'zh-CN' | 'en'

const features = {
  cases: caseWords,
  edit: editWords,
  enrol: enrolWords,
  inspect: inspectWords,
  me: meWords,
  outbox: outboxWords,
  photos: photoWords,
  propose: proposeWords,
  shell: shellWords,
  today: todayWords,
  words: vocabularyWords,
}

function messages(language: Language) {
  return Object.fromEntries(Object.entries(features).map(([name, both]) => [name, both[language]]))
}

export const i18n = createI18n({
  legacy: false,
  locale: recall('language') === 'en' ? 'en' : 'zh-CN',
  fallbackLocale: 'zh-CN',
  messages: { 'zh-CN': messages('zh-CN'), en: messages('en') },
})

/** The words of these pages and the reader's language; `named` picks from a pair that came with the data. */
export function useWords() {
  const { t, te, locale } = useI18n({ useScope: 'global' })
  const language = computed(() => locale.value as Language)

  function speak(next: Language) {
    locale.value = next
    remember('language', next)
    document.documentElement.lang = next
    document.title = t('shell.title')
  }
  function named(zh?: string | null, en?: string | null): string {
    return inLanguage(language.value, zh, en)
  }
  /** The label of an identifier of the domain; one without a label is shown as it is. */
  function label(kind: string, code: string | null | undefined): string {
    const key = `words.${kind}['${code}']`
    return code ? (te(key, 'zh-CN') ? t(key) : code) : '—'
  }
  return { t, te, language, speak, named, label }
}
