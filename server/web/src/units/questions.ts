import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { inOrder, useUnitNames } from '@/shared/directory'
import type { Question } from '@/shared/form'
import { KINDS } from './units'

/** What is asked about a unit; its code only while it is being made. */
export function useUnitQuestions(fresh: boolean) {
  const { t } = useI18n({ useScope: 'global' })
  const { units, unitName } = useUnitNames()
  return computed<Question[]>(() => {
    const field = (name: string, kind: Question['kind'] = 'line', required = false): Question => ({ name, kind, required, label: t(`units.field.${name}`) })
    return [
      ...(fresh ? [field('code', 'line', true)] : []),
      field('name_zh', 'line', true),
      field('name_en'),
      { ...field('kind', 'choice', true), options: KINDS.map((kind) => ({ value: kind, text: t(`units.kind.${kind}`) })) },
      field('division_code'),
      { ...field('parent', 'choice'), options: inOrder(units.rows).map((unit) => ({ value: unit.code, text: unitName(unit.code) })) },
      field('contact'),
      field('phone'),
      field('duty', 'long'),
    ]
  })
}
