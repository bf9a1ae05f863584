import { describe, expect, it } from 'vitest'
import { dragged, fitted, metresPerPx, placeOf, pxOf, scaleOf, spotAt, spotOf, zoomed, type Camera } from './camera'

const SIZE = { width: 360, height: 480 }
const HERE = { lon: 117.2736, lat: 35.6571 }
const CAMERA: Camera = { ...spotOf(HERE), zoom: 15.5 }

describe('a camera', () => {
  it('shows its own place in the middle, and finds any place again', () => {
    expect(pxOf(CAMERA, CAMERA, SIZE)).toEqual({ x: 180, y: 240 })
    const found = placeOf(spotAt(pxOf(spotOf({ lon: 117.2801, lat: 35.6498 }), CAMERA, SIZE), CAMERA, SIZE))
    expect(found.lon).toBeCloseTo(117.2801, 9)
    expect(found.lat).toBeCloseTo(35.6498, 9)
  })

  it('keeps what lies under the finger where it is when it comes nearer', () => {
    const finger = { x: 40, y: 400 }
    const under = spotAt(finger, CAMERA, SIZE)
    const nearer = pxOf(under, zoomed(CAMERA, SIZE, finger, 1.7), SIZE)
    expect(nearer.x).toBeCloseTo(40, 5)
    expect(nearer.y).toBeCloseTo(400, 5)
  })

  it.each([
    [99, 20],
    [-99, 9],
  ])('goes %i steps nearer no further than to %i', (steps, zoom) => {
    expect(zoomed(CAMERA, SIZE, { x: 0, y: 0 }, steps).zoom).toBe(zoom)
  })

  it('follows a drag, and comes back by the same drag the other way', () => {
    const away = dragged(CAMERA, 30, -12)
    expect(pxOf(CAMERA, away, SIZE)).toEqual({ x: expect.closeTo(210, 5), y: expect.closeTo(228, 5) })
    expect(dragged(away, -30, 12).x).toBeCloseTo(CAMERA.x, 12)
  })

  it('fits a box with room around it, and a single place as near as is allowed', () => {
    const camera = fitted([117.26, 35.65, 117.28, 35.66], SIZE, 28, 17)
    const corner = pxOf(spotOf({ lon: 117.26, lat: 35.66 }), camera, SIZE)
    expect(corner.x).toBeCloseTo(28, 5)
    expect(corner.y).toBeGreaterThan(28)
    expect(fitted([117.27, 35.65, 117.27, 35.65], SIZE, 28, 17).zoom).toBe(17)
  })

  it('knows how wide a pixel is, and the round length of its scale', () => {
    expect(metresPerPx({ ...CAMERA, zoom: 15 })).toBeCloseTo(1.94, 2)
    expect(scaleOf({ ...CAMERA, zoom: 15 }, 110)).toEqual({ metres: 200, px: expect.closeTo(103.1, 0) })
    expect(scaleOf({ ...CAMERA, zoom: 20 }, 110).metres).toBe(5)
  })
})
