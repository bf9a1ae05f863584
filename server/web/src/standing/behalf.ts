/** Who did something, and for whom where they stood in for somebody. */
export function actorNamed(name: string | null, standsFor: string | null | undefined, t: (key: string, named: { name: string }) => string): string {
  return standsFor ? `${name ?? ''}${t('standing.onBehalf', { name: standsFor })}` : (name ?? '')
}
