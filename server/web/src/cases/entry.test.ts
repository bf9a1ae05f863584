import { expect, it } from 'vitest'
import { lines } from './entry'

it('tells the data of an entry in short lines', () => {
  const data = {
    unit: 'sihe_subdistrict',
    due_at: null,
    photos: [{ sha256: 'ab12cd34'.repeat(8) }, 'ef56ab78'.repeat(8)],
    location: { lon: 117.2736, lat: 35.6571, accuracy_m: 6.5 },
    passed: false,
  }
  expect(lines(data)).toEqual([
    { key: 'unit', text: 'sihe_subdistrict' },
    { key: 'photos', text: 'ab12cd34…, ef56ab78…' },
    { key: 'location', text: '117.2736, 35.6571' },
    { key: 'passed', text: 'false' },
  ])
  expect(lines(null)).toEqual([])
})
