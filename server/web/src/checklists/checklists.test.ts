import { describe, expect, it } from 'vitest'
import type { Checklist } from '@/tablet/checklist/model'
import { documentIn, itemNamed, memberOf, NotJson } from './checklists'

const checklist = {
  code: 'T2',
  items: [{ code: 'fly_wires', type: 'group', label_zh: '飞线充电', label_en: 'Wires', items: [{ code: 'count', type: 'num', label_zh: '数量', label_en: 'Number' }] }],
} as unknown as Checklist

describe('a difference', () => {
  it('is told by the words of the item that it is about', () => {
    const item = itemNamed('/fly_wires/count/minimum', [null, checklist])

    expect(item?.label_zh).toBe('数量')
    expect(memberOf('/fly_wires/count/minimum', item)).toBe('minimum')
    expect(memberOf('/fly_wires/count', item)).toBe('')
  })
  it('of the head is about no item', () => {
    expect(itemNamed('/title_en', [checklist])).toBeNull()
  })
})

describe('a file of a checklist', () => {
  it('is refused when it is no JSON', async () => {
    await expect(documentIn(new Blob(['{"code": ']))).rejects.toBeInstanceOf(NotJson)
  })
})
