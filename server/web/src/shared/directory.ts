import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { everyItem, wholeList } from './list'
import { inLanguage } from './language'
import { useLanguage } from './i18n'
import type { Category, Checklist, Community, Measure, Unit, User } from './types'

function directory<T>(name: string, path: string, read: (path: string) => Promise<T[]> = everyItem) {
  return defineStore(name, () => {
    const rows = shallowRef<T[]>([])
    let loading: Promise<void> | null = null

    /** Read the list once; a failure leaves it empty and the next call tries again. */
    async function load() {
      loading ??= read(path)
        .then((all) => void (rows.value = all))
        .catch(() => void (loading = null))
      await loading
    }
    return { rows, load }
  })
}

export const useUnits = directory<Unit>('units', '/api/v1/units')
export const useCommunities = directory<Community>('communities', '/api/v1/communities')
export const useUsers = directory<User>('users', '/api/v1/users')
export const useChecklists = directory<Checklist>('checklists', '/api/v1/checklists')
export const useMeasures = directory<Measure>('measures', '/api/v1/measures', wholeList)
const useCategoryRows = directory<Category>('category-rows', '/api/v1/categories', wholeList)

/** The kinds of problem with the severities that today's rules know for each. */
export const useCategories = defineStore('categories', () => {
  const table = useCategoryRows()
  const rows = computed(() => table.rows)
  const byCategory = computed(() => new Map(rows.value.map((row) => [row.category, row])))
  return { rows, byCategory, load: table.load }
})

/** Units at work as a desk looks for them: departments, companies and streets before the many neighbourhood committees. */
export function inOrder(units: readonly Unit[]): Unit[] {
  const rank = (unit: Unit) => (unit.kind === 'neighbourhood' ? 1 : 0)
  return units.filter((unit) => !unit.closed_on).sort((one, other) => rank(one) - rank(other))
}

/** The name of a unit by its code, in the reader's language. */
export function useUnitNames() {
  const units = useUnits()
  const { language } = useLanguage()
  const byCode = computed(() => new Map(units.rows.map((unit) => [unit.code, unit])))
  function unitName(code: string | null | undefined, given?: string | null): string {
    const unit = code ? byCode.value.get(code) : undefined
    if (!unit) return given ?? code ?? '—'
    return inLanguage(language.value, unit.name_zh, unit.name_en) || unit.code
  }
  /** The same unit in the reader's language, where only its Chinese name is known. */
  const byName = computed(() => new Map(units.rows.map((unit) => [unit.name_zh, unit])))
  const unitTold = (nameZh: string | null | undefined) => unitName(byName.value.get(nameZh ?? '')?.code, nameZh)
  return { units, unitName, unitTold }
}

/** The name of a subdistrict or town by its nine digits: that of its unit. */
export function useStreets() {
  const { units, unitName } = useUnitNames()
  const byDivision = computed(() => new Map(units.rows.filter((unit) => unit.division_code?.length === 9).map((unit) => [unit.division_code, unit])))
  const name = (code: string) => unitName(byDivision.value.get(code)?.code, code)
  return { load: units.load, name }
}

/** The name of a community by its id. */
export function useCommunityNames() {
  const communities = useCommunities()
  const byId = computed(() => new Map(communities.rows.map((row) => [row.community_id, row])))
  const communityName = (id: string | null | undefined, given?: string | null) =>
    given ?? (id ? byId.value.get(id)?.name : undefined) ?? '—'
  const isDemo = (id: string | null | undefined) => (id ? byId.value.get(id)?.origin : undefined) === 'demo'
  return { communities, communityName, isDemo }
}
