import { useWords } from '../i18n'
import type { Area } from '../device/geo'
import { areaOfM2 } from '../inspect/shape'
import type { Attributes } from './attributes'
import type { EditEntity, FieldName } from './fields'

/** Values of editable fields in the reader's words. */
export function useSaying() {
  const { t, te, label } = useWords()

  function kind(entity: EditEntity, code: string): string {
    if (entity === 'community') return label('communityKind', code)
    return te(`propose.kinds.${code}`) ? t(`propose.kinds.${code}`) : code
  }
  function say(entity: EditEntity, field: FieldName, value: unknown): string {
    if (value === null || value === undefined || value === '') return t('edit.empty')
    if (field === 'kind') return kind(entity, String(value))
    if (field === 'removed') return t(value ? 'edit.removed' : 'edit.stillThere')
    if (typeof value === 'boolean') return t(value ? 'inspect.yes' : 'inspect.no')
    if (field === 'location') return `${(value as { lon: number }).lon.toFixed(5)}, ${(value as { lat: number }).lat.toFixed(5)}`
    if (field === 'geometry') return t('edit.area', { n: Math.round(areaOfM2(value as Area)).toLocaleString() })
    if (field === 'attributes') return facts(value as Attributes)
    return String(value)
  }
  /** What an attribute is called; one that nobody knows keeps its own name. */
  function attribute(code: string): string {
    return te(`edit.attribute.${code}`) ? t(`edit.attribute.${code}`) : code
  }
  function facts(held: Attributes): string {
    const told = Object.entries(held).map(([code, value]) => `${attribute(code)} ${typeof value === 'boolean' ? t(value ? 'inspect.yes' : 'inspect.no') : String(value)}`)
    return told.join(' · ') || t('edit.empty')
  }
  return { say, kind, attribute }
}
