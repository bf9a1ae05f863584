import { computed } from 'vue'
import { createI18n, useI18n } from 'vue-i18n'
import { analysisWords } from '@/analysis/words'
import { assignmentWords } from '@/assignments/words'
import { authWords } from '@/auth/words'
import { caseWords } from '@/cases/words'
import { chargingWords } from '@/charging/words'
import { checklistWords } from '@/checklists/words'
import { complaintWords } from '@/complaints/words'
import { coverageWords } from '@/coverage/words'
import { deskWords } from '@/desks/words'
import { docsWords } from '@/docs/words'
import { dossierWords } from '@/dossiers/words'
import { figureWords } from '@/figures/words'
import { fleetWords } from '@/fleet/words'
import { heatWords } from '@/heat/words'
import { hotlineWords } from '@/hotline/words'
import { inspectionWords } from '@/inspections/words'
import { jointWords } from '@/joint/words'
import { ledgerWords } from '@/ledger/words'
import { drawingWords } from '@/map/drawing/words'
import { mapWords } from '@/map/words'
import { noticeWords } from '@/notices/words'
import { officeWords } from '@/office/words'
import { paperWords } from '@/papers/words'
import { peopleWords } from '@/people/words'
import { photoWords } from '@/photos/words'
import { placeWords } from '@/places/words'
import { projectWords } from '@/projects/words'
import { publishedWords } from '@/published/words'
import { reportWords } from '@/reports/words'
import { sitingWords } from '@/siting/words'
import { ruleWords } from '@/rules/words'
import { standingWords } from '@/standing/words'
import { tableWords } from '@/tables/words'
import { workWords } from '@/todo/words'
import { unitWords } from '@/units/words'
import { voteWords } from '@/votes/words'
import { recall, remember } from './storage'
import { vocabularyWords } from './vocabulary.words'

export type Language = 'zh-CN' | 'en'

const features = {
  assignments: assignmentWords,
  checklists: checklistWords,
  fleet: fleetWords,
  auth: authWords,
  cases: caseWords,
  charging: chargingWords,
  complaints: complaintWords,
  coverage: coverageWords,
  desks: deskWords,
  docs: docsWords,
  dossiers: dossierWords,
  figures: figureWords,
  heat: heatWords,
  analysis: analysisWords,
  drawing: drawingWords,
  hotline: hotlineWords,
  inspections: inspectionWords,
  joint: jointWords,
  ledger: ledgerWords,
  map: mapWords,
  notices: noticeWords,
  office: officeWords,
  papers: paperWords,
  people: peopleWords,
  photos: photoWords,
  places: placeWords,
  projects: projectWords,
  published: publishedWords,
  reports: reportWords,
  siting: sitingWords,
  standing: standingWords,
  rules: ruleWords,
  tables: tableWords,
  units: unitWords,
  votes: voteWords,
  work: workWords,
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

/** The reader's language, and the way to change it: kept in this browser, told to screen readers. */
export function useLanguage() {
  const { locale } = useI18n({ useScope: 'global' })
  function speak(language: Language) {
    locale.value = language
    remember('language', language)
    document.documentElement.lang = language
  }
  return { language: computed(() => locale.value as Language), speak }
}
