import { describe, expect, it } from 'vitest'
import { beginning, questionsOf, short, type ComplaintDetail } from './complaints'

const word = (name: string) => name

describe('the commands of a complaint', () => {
  it('ask for what the server cannot do without', () => {
    const required = (command: string) => questionsOf(command, word, []).filter((one) => one.required).map((one) => one.name)
    expect(required('complaint.verify')).toEqual(['finding'])
    expect(required('complaint.ask_verification')).toEqual(['worker'])
    expect(required('complaint.transfer')).toEqual(['category', 'description'])
    expect(required('complaint.close')).toEqual(['outcome'])
    expect(required('complaint.acknowledge')).toEqual([])
  })
  it('begin with the draft of the answer, and never with the words of who complained', () => {
    const known = { draft_answer: '已整改', description: '我是张三', category: 'x' } as ComplaintDetail
    expect(beginning('complaint.answer', known)).toEqual({ answer: '已整改' })
    expect(beginning('complaint.transfer', known)).toEqual({ category: 'x' })
  })
  it('have short names', () => expect(short('complaint.note')).toBe('note'))
})
