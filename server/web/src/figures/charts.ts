import { inLanguage } from '@/shared/language'
import type { Figure, Figures, Group } from './figures'

/** Blue, orange and vermilion of Okabe and Ito: told apart by everybody, on paper and in the dark. */
const SERIES = [
  { name: 'reported', colour: '#0072b2', symbol: 'circle', line: 'solid' },
  { name: 'closed', colour: '#e69f00', symbol: 'triangle', line: 'dashed' },
  { name: 'open_late', colour: '#d55e00', symbol: 'rect', line: 'dotted' },
] as const
export const MOST_BARS = 20
const LINE_PX = 280
const BAR_PX = 46
const AROUND_PX = 70

/** A place on the axis, and the figures that stand there; a month without cases has none. */
export interface Place {
  label: string
  figures: Record<string, Figure> | null
}
export interface Look {
  ink: string
  line: string
  surface: string
}

/** What the chart shows: every month from the first to the last in order, or the groups with the most cases. */
export function placesOf(told: Figures, nameOf: (group: Group) => string): Place[] {
  if (told.group_by !== 'month') return told.groups.slice(0, MOST_BARS).map((group) => ({ label: nameOf(group), figures: group.figures }))
  const found = new Map(told.groups.map((group) => [group.key, group.figures]))
  const keys = [...found.keys()].sort()
  return monthsBetween(keys[0], keys.at(-1)).map((key) => ({ label: key, figures: found.get(key) ?? null }))
}

/** The figure behind a point, if there is anything to open. */
export function figureAt(places: Place[], series: number, place: number): Figure | null {
  const name = SERIES[series]?.name
  const figure = name ? places[place]?.figures?.[name] : undefined
  return figure?.cases ? figure : null
}

export function heightOf(trend: boolean, places: Place[]): number {
  return trend ? LINE_PX : places.length * BAR_PX + AROUND_PX
}

/** Lines over the months, or lying bars; series differ in more than colour. */
export function optionsOf(trend: boolean, places: Place[], titles: Figures['titles'], language: string, look: Look) {
  const named = new Map(titles.map((one) => [one.name, inLanguage(language, one.title_zh, one.title_en)]))
  const labels = { type: 'category' as const, data: places.map((one) => one.label), axisLine: { lineStyle: { color: look.line } } }
  const text = { color: look.ink, width: 210, overflow: 'truncate' as const }
  const numbers = { type: 'value' as const, minInterval: 1, axisLabel: { color: look.ink }, splitLine: { lineStyle: { color: look.line } } }
  return {
    animation: false,
    aria: { enabled: true, label: { enabled: false }, decal: { show: !trend } },
    grid: { left: 8, right: 24, top: 40, bottom: 8, containLabel: true },
    legend: { top: 0, left: 0, textStyle: { color: look.ink }, selectedMode: false },
    tooltip: { trigger: 'axis' as const, backgroundColor: look.surface, borderColor: look.line, textStyle: { color: look.ink } },
    xAxis: trend ? { ...labels, axisLabel: { color: look.ink } } : numbers,
    yAxis: trend ? numbers : { ...labels, inverse: true, axisLabel: text },
    series: SERIES.map((one) => ({
      ...(trend ? { type: 'line' as const, symbol: one.symbol, symbolSize: 9, lineStyle: { type: one.line } } : { type: 'bar' as const, barMaxWidth: 12 }),
      name: named.get(one.name) ?? one.name,
      cursor: 'pointer',
      itemStyle: { color: one.colour },
      data: places.map((place) => place.figures?.[one.name]?.cases ?? 0),
    })),
  }
}

function monthsBetween(first: string | undefined, last: string | undefined): string[] {
  const found: string[] = []
  for (let next = first; next && last && next <= last; next = following(next)) found.push(next)
  return found
}

function following(month: string): string {
  const [year = 0, number = 1] = month.split('-').map(Number)
  return number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, '0')}`
}
