import { moment } from '@/shared/when'
import type { EditEntity, FieldName } from '../edit/fields'
import { EDITABLE } from '../edit/fields'
import { useSaying } from '../edit/saying'
import { useWords } from '../i18n'
import { plainly, type Say } from './compare'

const LABELLED: Record<string, string> = { state: 'state', severity: 'severity', finding: 'finding', paid_by: 'paidBy' }

/** How the values of two versions read, in the reader's words. */
export function useSaid(entity: () => EditEntity | null): Say {
  const { t, label } = useWords()
  const { say } = useSaying()
  return (name, value) => {
    const edited = entity()
    const isField = edited !== null && (EDITABLE[edited].fields as readonly string[]).includes(name)
    if (value === null || value === undefined || value === '') return plainly(name, value)
    if (isField) return say(edited, name as FieldName, value)
    if (typeof value === 'boolean') return t(value ? 'inspect.yes' : 'inspect.no')
    if (LABELLED[name]) return label(LABELLED[name], String(value))
    if (name.endsWith('_at') && typeof value === 'string') return moment(value)
    if (name === 'location') return say('facility', 'location', value)
    return plainly(name, value)
  }
}
