import { describe, expect, it } from 'vitest'
import { rowsOf, share } from './votes'

const weight = (heads: number, area: number) => ({ heads, area_m2: area.toFixed(2) })

describe('the rows of a result', () => {
  const rows = rowsOf({ everybody: weight(4, 400), approving: weight(2, 150), against: weight(1, 100), abstaining: weight(0, 0), invalid: weight(1, 50) })
  it('count who took part without invalid ballots', () => {
    expect(rows.find((one) => one.name === 'taking')).toMatchObject({ heads: 3, area: 250, headShare: '75.0%', areaShare: '62.5%' })
  })
  it('share those for and against among those taking part', () => {
    expect(rows.find((one) => one.name === 'approving')).toMatchObject({ headShare: '66.7%', areaShare: '60.0%' })
  })
  it('know no share of nothing', () => expect(share(0, 0)).toBe('—'))
})
