import type { Answer } from './siting'

export type Rule = Answer['rules'][number]
interface Say {
  t: (key: string, numbers?: Record<string, unknown>) => string
  te: (key: string) => boolean
}

/** A rule in words, from its kind and metres; its name where neither is known. */
export function ruleLine({ t, te }: Say, rules: readonly Rule[], name: string): string {
  const rule = rules.find((one) => one.name === name)
  if (name === 'space_m2') return t('siting.rule.space', { m2: rule?.value ?? 2.2 })
  if (!rule) return name
  const kind = te(`siting.kind.${rule.kind}`) ? t(`siting.kind.${rule.kind}`) : rule.kind
  return rule.value > 0 ? t('siting.rule.apart', { kind, metres: rule.value }) : t('siting.rule.never', { kind })
}
