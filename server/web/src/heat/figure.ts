import { useI18n } from 'vue-i18n'
import type { Asked } from './heat'

/** What the figure that is asked for is called: of cases, or of violations. */
export function useFigure() {
  const { t } = useI18n()
  return ({ what, metric }: Pick<Asked, 'what' | 'metric'>): string => t(what === 'violations' ? `heat.found.${metric}` : `heat.metric.${metric}`)
}
