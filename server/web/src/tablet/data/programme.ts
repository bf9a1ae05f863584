import { computed } from 'vue'
import type { Checklist } from '../checklist/model'
import { rulesAt, type RuleBook } from '../checklist/rules'
import { WorkCalendar } from '../checklist/workcalendar'
import { nowMs } from '../device/clock'
import { useWords } from '../i18n'
import type { CategoryRecord, EntityName, Records, UnitRecord } from '../protocol'
import { useLive } from './live'
import { useTablet } from './session'

/** What everybody works by: checklists, the rules in force today, the calendar, and the names of things. */
export interface Programme {
  checklists: Checklist[]
  book: RuleBook
  calendar: WorkCalendar
  categories: Map<string, CategoryRecord>
  units: Map<string, UnitRecord>
}

/** The programme as this tablet has it, and the words for its codes. */
export function useProgramme() {
  const tablet = useTablet()
  const { named } = useWords()
  const { value, failed } = useLive(async (): Promise<Programme> => {
    const all = async <Name extends EntityName>(name: Name): Promise<Records[Name][]> => (await tablet.mirror.all(name)).map((held) => held.data)
    const [checklists, rules, years, categories, units] = [
      await all('checklist'),
      await all('rule'),
      await all('calendar'),
      await all('category'),
      await all('unit'),
    ]
    return {
      checklists: (checklists as unknown as Checklist[]).sort((a, b) => numberOf(a) - numberOf(b)),
      book: rulesAt(rules, nowMs()),
      calendar: new WorkCalendar(years),
      categories: new Map(categories.map((one) => [one.category, one])),
      units: new Map(units.map((one) => [one.code, one])),
    }
  })
  const categoryName = (code: string | null) => {
    const found = code ? value.value?.categories.get(code) : undefined
    return found ? named(found.label_zh, found.label_en) : (code ?? '—')
  }
  const unitName = (code: string | null) => {
    const found = code ? value.value?.units.get(code) : undefined
    return found ? named(found.name_zh, found.name_en) : (code ?? '—')
  }
  return { programme: value, failed, categoryName, unitName, severities: computed(() => (code: string) => value.value?.book.severities(code) ?? []) }
}

function numberOf(checklist: Checklist): number {
  return Number(checklist.code.replace(/\D/g, '')) || 0
}
