import { useWords } from '../i18n'

/** Distances and spans of time in the reader's words. */
export function useMeasures() {
  const { t } = useWords()

  function metres(value: number): string {
    if (value < 1) return t('shell.here')
    if (value < 950) return t('shell.metres', { n: value < 100 ? Math.round(value) : Math.round(value / 10) * 10 })
    return t('shell.kilometres', { n: (value / 1000).toFixed(value < 9_950 ? 1 : 0) })
  }
  /** A span of milliseconds in the largest unit that says enough. */
  function span(ms: number): string {
    const seconds = Math.abs(ms) / 1000
    if (seconds < 90) return t('shell.seconds', { n: Math.round(seconds) })
    if (seconds < 5_400) return t('shell.minutes', { n: Math.round(seconds / 60) })
    if (seconds < 172_800) return t('shell.hours', { n: Math.round(seconds / 3600) })
    return t('shell.days', { n: Math.round(seconds / 86_400) })
  }
  return { metres, span }
}
