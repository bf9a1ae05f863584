import { describe, expect, it } from 'vitest'
import { gateFeatures, gatesOf, toggled } from './gates'
import type { Gates } from './siting'

const gate = (id: string, shut: boolean) => ({ type: 'Feature' as const, id, geometry: { type: 'Point' as const, coordinates: [117, 35] }, properties: { name: id, kind: shut ? 'emergency' : 'both', community_name: '望湖小区', shut } })
const gates: Gates = { type: 'FeatureCollection', features: [gate('a', true), gate('b', true), gate('c', false)] }

describe('gates', () => {
  it('are asked for by the area of a form or of a scenario', () => {
    expect(gatesOf({ subdistricts: ['370831001'] }, 300)).toBe('/api/v1/siting/gates?subdistrict=370831001&radius_m=300')
    expect(gatesOf({ communities: ['x', 'y'], neighbourhoods: [], subdistricts: [] }, 50)).toBe('/api/v1/siting/gates?community_id=x&community_id=y&radius_m=50')
    expect(gatesOf({ communities: [] }, 300)).toBeNull()
  })
  it('are marked where they are shut, each with its sign', () => {
    expect(gateFeatures(gates, new Set(['b'])).map(({ properties }) => [properties!.id, properties!.sign])).toEqual([['a', '×'], ['b', '○']])
  })
  it('are opened and shut again', () => {
    expect(toggled(['a'], 'b')).toEqual(['a', 'b'])
    expect(toggled(['a', 'b'], 'a')).toEqual(['b'])
  })
})
