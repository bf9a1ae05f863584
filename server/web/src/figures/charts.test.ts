import { describe, expect, it } from 'vitest'
import { figureAt, MOST_BARS, optionsOf, placesOf } from './charts'
import type { Figures, Group } from './figures'

const look = { ink: '#000', line: '#ccc', surface: '#fff' }
const nameOf = (group: Group) => group.name_zh

function group(key: string, cases: number): Group {
  const figure = { cases, times: null, mean_h: null, median_h: null, p90_h: null, list: `/api/v1/cases?group=${key}` }
  return { key, name_zh: `名${key}`, name_en: key, figures: { reported: figure, closed: { ...figure, cases: 0 } } }
}
function told(group_by: string, groups: Group[]): Figures {
  return { at: '', group_by, titles: [{ name: 'reported', title_zh: '上报', title_en: 'Reported' }], whole: {}, groups, left_off: 0 }
}

describe('the chart of figures', () => {
  it('shows every month in order, those without cases too', () => {
    const places = placesOf(told('month', [group('2027-02', 5), group('2026-11', 1)]), nameOf)
    expect(places.map((one) => one.label)).toEqual(['2026-11', '2026-12', '2027-01', '2027-02'])
    expect(optionsOf(true, places, told('month', []).titles, 'zh-CN', look).series[0]).toMatchObject({ type: 'line', data: [1, 0, 0, 5] })
  })
  it('shows the groups with the most cases as bars, by their names', () => {
    const groups = Array.from({ length: MOST_BARS + 3 }, (_, index) => group(`u${index}`, 100 - index))
    const places = placesOf(told('unit', groups), nameOf)
    expect(places).toHaveLength(MOST_BARS)
    const options = optionsOf(false, places, told('unit', []).titles, 'zh-CN', look)
    expect(options.yAxis).toMatchObject({ data: expect.arrayContaining(['名u0']) })
    expect(options.series.map((one) => one.name)).toEqual(['上报', 'closed', 'open_late'])
  })
  it('opens the figure behind a point, and nothing where nothing was counted', () => {
    const places = placesOf(told('month', [group('2026-11', 4), group('2027-01', 4)]), nameOf)
    expect(figureAt(places, 0, 0)?.list).toContain('group=2026-11')
    expect(figureAt(places, 1, 0)).toBeNull()
    expect(figureAt(places, 0, 1)).toBeNull()
    expect(figureAt(places, 9, 9)).toBeNull()
  })
  it('tells its series apart without colour', () => {
    const trend = optionsOf(true, [], [], 'en', look).series as { symbol?: string }[]
    expect(new Set(trend.map((one) => one.symbol)).size).toBe(3)
    expect(optionsOf(false, [], [], 'en', look).aria.decal.show).toBe(true)
  })
})
