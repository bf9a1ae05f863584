import { expect, it } from 'vitest'
import { factsOf } from './entry'

it('tells the data of an entry in short facts', () => {
  const data = {
    unit: 'sihe_subdistrict',
    due_at: null,
    photos: [{ sha256: 'ab12cd34'.repeat(8) }, 'ef56ab78'.repeat(8)],
    passed: false,
    community: '0198',
    lon: 117.2736,
    lat: 35.6571,
    accuracy_m: 6.5,
    limit_amount: 4,
    limit_unit: 'uh',
  }
  expect(factsOf(data)).toEqual([
    { key: 'unit', text: 'sihe_subdistrict' },
    { key: 'photos', text: 'ab12cd34…, ef56ab78…' },
    { key: 'passed', text: 'false' },
    { key: 'location', text: '117.273600, 35.657100 ± 6.5 m' },
    { key: 'limit', text: '4 uh' },
  ])
  expect(factsOf(null)).toEqual([])
})
