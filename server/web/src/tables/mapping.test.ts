import { expect, test } from 'vitest'
import { chosen, lacking, withColumns, type Field } from './mapping'

const FIELDS = ['found_at', 'category', 'place'].map(
  (name): Field => ({ name, label_zh: name, label_en: name, kind: 'text', required: name !== 'place', choices: [] }),
)

test('a saved mapping wins over what a title says by itself, and no field is given twice', () => {
  const columns = chosen(['日期', '发现日期', '位置'], { columns: { 日期: 'found_at' } }, { 发现日期: 'found_at', 位置: 'place' })

  expect(columns).toEqual({ 日期: 'found_at', 发现日期: '', 位置: 'place' })
})

test('titles without a field are left out, the rest of a mapping stays', () => {
  const mapping = withColumns({ time_zone: 'UTC', columns: { a: 'place' } }, { b: 'found_at', c: '' })

  expect(mapping).toEqual({ time_zone: 'UTC', columns: { b: 'found_at' } })
})

test('what a column or a default tells is not lacking', () => {
  const found = lacking(FIELDS, { a: 'found_at', b: '' }, { defaults: { category: 'x' } })

  expect(found).toEqual([])
  expect(lacking(FIELDS, {}, {}).map((field) => field.name)).toEqual(['found_at', 'category'])
})
