import type { LonLat } from '../device/geo'

/** A place in the plane of Web Mercator: east and south from its corner, the whole world being 1. */
export interface Spot {
  x: number
  y: number
}

/** A place on the canvas, in CSS pixels from its corner. */
export type Px = Spot

export interface Size {
  width: number
  height: number
}

/** What the canvas shows: the place in its middle, and how large; at zoom 0 the world is 512 px wide. */
export interface Camera extends Spot {
  zoom: number
}

const WORLD_PX = 512
const LEAST_ZOOM = 9
const MOST_ZOOM = 20
const EQUATOR_M = 40_075_016.686
const RADIAN = Math.PI / 180

/** How many pixels the world is wide. */
export function worldPx(zoom: number): number {
  return WORLD_PX * 2 ** zoom
}

export function spotOf({ lon, lat }: LonLat): Spot {
  const sine = Math.sin(lat * RADIAN)
  return { x: lon / 360 + 0.5, y: 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI) }
}

export function placeOf({ x, y }: Spot): LonLat {
  return { lon: (x - 0.5) * 360, lat: Math.atan(Math.sinh((0.5 - y) * 2 * Math.PI)) / RADIAN }
}

export function pxOf(spot: Spot, camera: Camera, size: Size): Px {
  const px = worldPx(camera.zoom)
  return { x: (spot.x - camera.x) * px + size.width / 2, y: (spot.y - camera.y) * px + size.height / 2 }
}

export function spotAt(at: Px, camera: Camera, size: Size): Spot {
  const px = worldPx(camera.zoom)
  return { x: camera.x + (at.x - size.width / 2) / px, y: camera.y + (at.y - size.height / 2) / px }
}

/** The camera after what it shows was dragged by so many pixels. */
export function dragged(camera: Camera, dx: number, dy: number): Camera {
  const px = worldPx(camera.zoom)
  return { ...camera, x: camera.x - dx / px, y: camera.y - dy / px }
}

/** The camera so many steps nearer; what lies under the given pixel stays there. */
export function zoomed(camera: Camera, size: Size, at: Px, steps: number): Camera {
  const under = spotAt(at, camera, size)
  const nearer = { ...camera, zoom: Math.min(MOST_ZOOM, Math.max(LEAST_ZOOM, camera.zoom + steps)) }
  const now = pxOf(under, nearer, size)
  return dragged(nearer, at.x - now.x, at.y - now.y)
}

/** The camera that shows a box of west, south, east and north with so many pixels around it, no nearer than `most`. */
export function fitted([west, south, east, north]: readonly [number, number, number, number], size: Size, around: number, most: number): Camera {
  const [from, to] = [spotOf({ lon: west, lat: north }), spotOf({ lon: east, lat: south })]
  const room = Math.min((size.width - 2 * around) / (to.x - from.x || 1e-9), (size.height - 2 * around) / (to.y - from.y || 1e-9))
  const zoom = Math.min(most, Math.max(LEAST_ZOOM, Math.log2(Math.max(room, 1) / WORLD_PX)))
  return { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2, zoom }
}

/** How many metres a pixel in the middle of the canvas is wide. */
export function metresPerPx(camera: Camera): number {
  return (EQUATOR_M * Math.cos(placeOf(camera).lat * RADIAN)) / worldPx(camera.zoom)
}

/** The longest round length that is at most so many pixels wide. */
export function scaleOf(camera: Camera, mostPx: number): { metres: number; px: number } {
  const perPx = metresPerPx(camera)
  const most = mostPx * perPx
  const unit = 10 ** Math.floor(Math.log10(most))
  const metres = unit * ([5, 2, 1].find((times) => times * unit <= most) ?? 1)
  return { metres, px: metres / perPx }
}
