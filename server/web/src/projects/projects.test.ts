import { describe, expect, it } from 'vitest'
import { filledFrom, toldBy } from './projects'

describe('the form of a project', () => {
  it('tells numbers as numbers and what is empty as nothing', () => {
    const told = toldBy({ name: ' 泉林华府 ', required_ports: '40', built_ports: '', expected_on: '', households: 'x' })
    expect(told).toMatchObject({ name: '泉林华府', required_ports: 40, built_ports: null, expected_on: null, households: 'x', note: '' })
  })
  it('begins a new one in planning', () => expect(filledFrom(null)).toEqual({ stage: 'planning' }))
})
