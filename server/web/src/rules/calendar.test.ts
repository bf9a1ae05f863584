import { describe, expect, it } from 'vitest'
import { fileOf, monthsOf, NoCalendar } from './calendar'

describe('a year as a picture', () => {
  it('marks holidays, make-up days and weekends', () => {
    const days = [
      { day: '2026-10-01', kind: 'holiday' as const, name: '国庆节', provisional: false, source: '' },
      { day: '2026-10-10', kind: 'work' as const, name: '国庆节', provisional: true, source: '' },
    ]
    const october = monthsOf(2026, days)[9]!

    expect([october.offset, october.squares.length]).toEqual([3, 31])
    expect([0, 1, 2, 9].map((at) => october.squares[at]!.mark)).toEqual(['holiday', 'work', 'rest', 'makeup'])
    expect(october.squares[9]).toMatchObject({ name: '国庆节', provisional: true })
  })
})

describe('a calendar file', () => {
  it('as CSV speaks for the whole years of its days', () => {
    const file = fileOf('\uFEFFday,kind,name\n2027-01-01,holiday,元旦\n2027-01-02,work,元旦', '国办发明电〔2026〕1号')

    expect(file).toMatchObject({ source: '国办发明电〔2026〕1号', valid_from: '2027-01-01', valid_to: '2028-01-01' })
    expect(file.days.map((one) => one.kind)).toEqual(['holiday', 'work'])
  })
  it.each(['', 'hello', '{"days": ', 'day,kind,name\n'])('is refused when it is none: %s', (text) => {
    expect(() => fileOf(text, 'x')).toThrow(NoCalendar)
  })
})
