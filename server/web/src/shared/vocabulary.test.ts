import { describe, expect, it } from 'vitest'
import { categoriesOf } from './vocabulary'

const item = (code: string, more = {}) => ({ code, type: 'one', ...more })

describe('the categories offered for choice', () => {
  it('come from every item that asks for one, however deep, each once', () => {
    const choices = [{ code: 'a', label_zh: '甲' }, { code: 'b' }]
    const checklists = [
      { code: 'T0', version: '1', items: [item('finding', { items: [item('category', { choices })] })] },
      { code: 'T9', version: '1', items: [item('category', { choices: [{ code: 'b' }] }), item('severity')] },
    ]
    expect(categoriesOf(checklists).map((row) => row.code)).toEqual(['a', 'b'])
  })
})
