import { describe, expect, it } from 'vitest'
import { linesOf } from './answers'

const items = [
  { code: 'clear', type: 'yn', label_zh: '畅通', label_en: 'Clear' },
  { code: 'acted', type: 'one', choices: [{ code: 'partly', label_zh: '部分', label_en: 'Partly' }] },
  { code: 'wires', type: 'group', label_zh: '飞线', label_en: 'Wires', items: [{ code: 'floor', type: 'num', label_en: 'Floor' }] },
]

describe('the answers of an inspection', () => {
  it('stand in the order of the checklist, with its labels; strangers come last', () => {
    const lines = linesOf({ odd: { value: 1 }, acted: { value: 'partly' }, clear: { value: false } }, items, 'en')
    expect(lines.map((line) => [line.label, line.said])).toEqual([
      ['Clear', { kind: 'value', value: false }],
      ['acted', { kind: 'value', value: 'Partly' }],
      ['odd', { kind: 'value', value: 1 }],
    ])
  })

  it('tell what was not applicable from what was not inspected', () => {
    const lines = linesOf({ clear: { na: true }, acted: { not_inspected: '锁门' } }, items, 'zh-CN')
    expect(lines.map((line) => line.said)).toEqual([{ kind: 'na' }, { kind: 'not_inspected', reason: '锁门' }])
  })

  it('count the photo that a question asks for instead of printing its digest', () => {
    const photo = { code: 'panorama', type: 'photo', label_en: 'Panorama' }
    const [line] = linesOf({ panorama: { value: '9f86' } }, [photo], 'en')
    expect(line).toMatchObject({ said: { kind: 'photo' }, photos: ['9f86'] })
  })

  it('repeat for each instance of a group, its photos beside it', () => {
    const wires = { instances: [{ floor: { value: 4 }, photos: ['9f86'], location: { lon: 1, lat: 2 }, note: '三楼窗口' }] }
    const [group] = linesOf({ wires }, items, 'en')
    expect(group?.instances).toHaveLength(1)
    expect(group?.instances[0]).toMatchObject({ photos: ['9f86'], note: '三楼窗口' })
    expect(group?.instances[0]?.lines.map((line) => line.label)).toEqual(['Floor'])
  })
})
