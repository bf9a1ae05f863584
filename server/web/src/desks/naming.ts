import { useI18n } from 'vue-i18n'
import { useLabels } from '@/shared/vocabulary'
import { waitFor } from './desks'

/** Names of what tablets send, in the reader's language; what has none is shown as it is on the wire. */
export function useNaming() {
  const { t, te } = useI18n({ useScope: 'global' })
  const { label } = useLabels()
  const named = (group: string, code: string): string => {
    const key = `desks.${group}['${code}']`
    return te(key, 'zh-CN') ? t(key) : code
  }
  const commandName = (type: string) => (type.startsWith('case.') ? label('command', type) : named('command', type))
  const fieldName = (name: string) => named('named', name)
  const factName = (name: string) => named('fact', name)
  const entityName = (entity: string) => named('entity', entity)
  const reasonName = (type: string) => named('reason', type.split('/').pop() ?? type)

  function waitName(text: string): string {
    const { kind, key } = waitFor(text)
    const known = te(`desks.item.wait.${kind}`, 'zh-CN')
    const shown = kind === 'type' ? commandName(key) : key.length > 20 ? `${key.slice(0, 8)}…${key.slice(-6)}` : key
    return known ? t(`desks.item.wait.${kind}`, { key: shown }) : t('desks.item.wait.other', { key: text })
  }
  return { commandName, fieldName, factName, entityName, reasonName, waitName }
}
