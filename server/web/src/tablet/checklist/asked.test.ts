import { describe, expect, it } from 'vitest'
import { askedItems, blanks, isAnswered, photosIn, withoutSkipped } from './asked'
import type { Answers, Checklist, Item } from './model'

const item = (code: string, over: Partial<Item> = {}): Item => ({ code, label_zh: code, label_en: code, type: 'yn', ...over })
const list = (...items: Item[]): Checklist => ({ code: 'TX', version: 'v', title_zh: '', title_en: '', measures: [], published_on: '2026-11-22', items })
const PORTS = list(item('ports', { type: 'num' }), item('working', { type: 'num', show_when: { item: 'ports', gt: 0 } }), item('remark', { type: 'text', optional: true }))
const WIRES = list(item('wires', { type: 'group', items: [item('count', { type: 'num' }), item('plate', { type: 'text', optional: true })] }))
const PHOTO = 'a'.repeat(64)

describe('a skip rule', () => {
  it.each([
    ['hides while what it asks is blank', {}, ['ports', 'remark']],
    ['shows once the answer fits', { ports: { value: 3 } }, ['ports', 'working', 'remark']],
    ['hides what the answer leaves out', { ports: { value: 0 } }, ['ports', 'remark']],
    ['hides for what does not apply', { ports: { na: true } }, ['ports', 'remark']],
  ] as [string, Answers, string[]][])('%s', (_name, answers, expected) => {
    expect(askedItems(PORTS, answers).map((one) => one.code)).toEqual(expected)
  })

  it('keeps answers that it hides now out of what is handed in', () => {
    expect(withoutSkipped(PORTS, { ports: { value: 0 }, working: { value: 2 } })).toEqual({ ports: { value: 0 } })
  })
})

describe('a blank', () => {
  it('is neither "not applicable" nor "not inspected"; what is optional may stay blank', () => {
    expect(blanks(PORTS, { ports: { na: true } })).toEqual([])
    expect(blanks(PORTS, { ports: { note: '?' } }).map((one) => one.code)).toEqual(['ports'])
  })

  it('within an instance keeps its group unanswered; a group without instances is an answer', () => {
    const [wires] = WIRES.items as [Item]
    expect(isAnswered(wires, { instances: [{ plate: { value: '鲁H' } }] })).toBe(false)
    expect(isAnswered(wires, { instances: [{ count: { value: 2 } }] })).toBe(true)
    expect(isAnswered(wires, { instances: [] })).toBe(true)
  })
})

it('finds the photos of answers, instances and their parts, each once', () => {
  const b = 'b'.repeat(64)
  const answers: Answers = { one: { value: [PHOTO] }, wires: { instances: [{ photos: [PHOTO, b], count: { value: 1, photos: [b] } }] } }
  expect(photosIn(answers)).toEqual([PHOTO, b])
})
