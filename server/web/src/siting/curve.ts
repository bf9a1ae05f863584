import { yuan, type Plan, type Solved } from './siting'

/** One point of the curve: a plan of the scenario, or (`plan` empty) what a budget would buy, tried and not stored. */
export interface Point {
  plan: string
  budget?: number
  name: string
  cost: number
  share: number
  bound: number | null
}
/** Finished coverage plans as points of money and share, the cheapest first. */
export function pointsOf(plans: readonly Plan[]): Point[] {
  return plans
    .flatMap(({ plan_id, name, plan }) => (plan && plan.total_weight ? [pointOf(plan, name, plan_id)] : []))
    .sort(byCost)
}
/** Where a plan lies on the curve. */
export function pointOf(plan: Solved, name: string, plan_id = ''): Point {
  return {
    plan: plan_id,
    name,
    cost: plan.cost,
    share: (plan.covered_weight / plan.total_weight) * 100,
    bound: plan.objective === 'max_cover' ? Math.min(100, (plan.bound / plan.total_weight) * 100) : null,
  }
}
export const byCost = (a: Point, b: Point) => a.cost - b.cost || a.share - b.share

/** Budgets that fill the curve around a plan's own: a quarter to one and a half of it. */
export function budgetsAround(budget: number): number[] {
  return [0.25, 0.5, 0.75, 1.25, 1.5].map((part) => Math.round((budget * part) / 1000) * 1000)
}

/** Where the axis of shares begins: below the least of them, at a full ten. */
const lowest = (points: readonly Point[]) => Math.max(0, Math.floor(Math.min(100, ...points.map(({ share }) => share)) / 10 - 1) * 10)

interface Look {
  ink: string
  line: string
  surface: string
}
/** Dots joined by a line; the plan that is open is larger. */
export function curveOptions(points: readonly Point[], chosen: string, names: { cost: string; share: string }, language: string, look: Look) {
  const axis = { type: 'value' as const, nameTextStyle: { color: look.ink }, axisLabel: { color: look.ink }, splitLine: { lineStyle: { color: look.line } } }
  const money = (value: number) => yuan(value, language)
  return {
    animation: false,
    aria: { enabled: true, label: { enabled: false } },
    grid: { left: 8, right: 30, top: 30, bottom: 26, containLabel: true },
    tooltip: {
      trigger: 'item' as const,
      backgroundColor: look.surface,
      borderColor: look.line,
      textStyle: { color: look.ink },
      formatter: ({ dataIndex }: { dataIndex: number }) => `${money(points[dataIndex]!.cost)} → ${points[dataIndex]!.share.toFixed(1)} %`,
    },
    xAxis: { ...axis, name: names.cost, nameLocation: 'middle' as const, nameGap: 24, axisLabel: { color: look.ink, formatter: money, hideOverlap: true } },
    yAxis: { ...axis, name: names.share, max: 100, min: lowest(points) },
    series: [
      {
        type: 'line' as const,
        data: points.map(({ cost, share, plan }) => ({ value: [cost, share], symbolSize: plan === chosen ? 15 : 9, itemStyle: plan ? undefined : { color: look.surface, borderColor: '#0072b2', borderWidth: 2 } })),
        symbol: 'circle',
        itemStyle: { color: '#0072b2' },
        lineStyle: { color: '#0072b2', width: 1.5 },
      },
    ],
  }
}
