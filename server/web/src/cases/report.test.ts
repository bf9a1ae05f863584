import { describe, expect, it } from 'vitest'
import type { Case } from '@/shared/types'
import { candidates, lacking, reportOf, type Told } from './report'

const NOTHING: Told = { community_id: '', category: '', severity: '', description: ' ', location: undefined, photos: [], joins: '' }
const PLACE = { lon: 117.27, lat: 35.65, accuracy_m: 10, datum: 'wgs84' }
const PHOTO = { sha256: 'a', size: 1, content_type: 'image/jpeg', taken_at: '2026-11-22T00:00:00Z' }
const at = (case_id: string, lon: number | null) => ({ case_id, location: lon === null ? null : { lon, lat: 35.65 } }) as Case

describe('a report of the office', () => {
  it('needs a community, a category, a photo and a place', () => {
    expect(lacking(NOTHING)).toEqual(['community_id', 'category', 'photos', 'location'])
    expect(lacking({ ...NOTHING, community_id: 'c', category: 'k', photos: [PHOTO], location: PLACE })).toEqual([])
  })

  it('leaves out what was left empty', () => {
    const told = { ...NOTHING, community_id: 'c', category: 'k', photos: [PHOTO], location: PLACE }
    expect(reportOf(told)).toEqual({ community_id: 'c', category: 'k', photos: [PHOTO], location: PLACE })
    expect(reportOf({ ...told, severity: 'A', description: ' 占道 ', joins: 'x' })).toMatchObject({ severity: 'A', description: '占道', joins: 'x' })
  })

  it('is shown the open cases that may be the same, the nearest first and none far away', () => {
    const open = [at('far', 117.28), at('near', 117.2705), at('nowhere', null), at('here', 117.27)]
    expect(candidates(open, PLACE).map(({ one }) => one.case_id)).toEqual(['here', 'near', 'nowhere'])
    expect(candidates(open, undefined)).toHaveLength(4)
  })
})
