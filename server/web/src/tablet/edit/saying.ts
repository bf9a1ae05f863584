import { useWords } from '../i18n'
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
    return String(value)
  }
  return { say, kind }
}
