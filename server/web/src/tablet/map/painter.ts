import { drawSignal } from '@/map/signals'
import { metresPerPx, pxOf, type Camera, type Px, type Size, type Spot } from './camera'
import type { Heap } from './heaps'
import type { Paints } from './paints'
import type { Named, Outline, Scene } from './scene'

type Pen = CanvasRenderingContext2D

export interface View {
  camera: Camera
  size: Size
  paints: Paints
}

const FONT = '15px sans-serif'
const LABELS_FROM_ZOOM = 13
const BESIDE_PX = 34
const MARGIN_PX = 40
const TOUCH_PX = 26

/** Draw the scene: the ground, the cells, the communities, the worker, the cases, the names. */
export function paint(pen: Pen, scene: Scene, view: View): void {
  const { size, paints } = view
  pen.fillStyle = paints.ground
  pen.fillRect(0, 0, size.width, size.height)
  pen.lineJoin = 'round'
  scene.cells.forEach((outline) => area(pen, outline, view, paints.cellFill, paints.cell, 1.4, [6, 3]))
  scene.communities.forEach(({ outline }) => area(pen, outline, view, paints.community, paints.communityLine, 2, []))
  if (scene.me) here(pen, scene.me, view)
  const shown = scene.heaps.map((heap) => ({ heap, at: pxOf(heap, view.camera, size) })).filter(({ at }) => within(at, size))
  shown.forEach(({ heap, at }) => mark(pen, heap, at, view))
  if (view.camera.zoom >= LABELS_FROM_ZOOM) labels(pen, scene.communities, shown.map(({ at }) => boxAt(at, 2 * TOUCH_PX, 2 * TOUCH_PX)), view)
}

/** The heap that a finger touches; null for none. */
export function heapAt(heaps: readonly Heap[], finger: Px, { camera, size }: View): Heap | null {
  let nearest: Heap | null = null
  let least = TOUCH_PX
  for (const heap of heaps) {
    const at = pxOf(heap, camera, size)
    const away = Math.hypot(at.x - finger.x, at.y - finger.y)
    if (away <= least) [nearest, least] = [heap, away]
  }
  return nearest
}

function area(pen: Pen, outline: Outline, { camera, size }: View, fill: string, line: string, width: number, dashes: number[]): void {
  pen.beginPath()
  for (const ring of outline) {
    ring.forEach((spot, index) => {
      const { x, y } = pxOf(spot, camera, size)
      if (index === 0) pen.moveTo(x, y)
      else pen.lineTo(x, y)
    })
    pen.closePath()
  }
  pen.fillStyle = fill
  pen.fill('evenodd')
  pen.strokeStyle = line
  pen.lineWidth = width
  pen.setLineDash(dashes)
  pen.stroke()
  pen.setLineDash([])
}

function here(pen: Pen, { spot, accuracy_m }: { spot: Spot; accuracy_m: number }, { camera, size, paints }: View): void {
  const { x, y } = pxOf(spot, camera, size)
  pen.fillStyle = pen.strokeStyle = paints.me
  pen.globalAlpha = 0.18
  disc(pen, x, y, accuracy_m / metresPerPx(camera))
  pen.globalAlpha = 1
  disc(pen, x, y, 11)
  pen.strokeStyle = paints.halo
  pen.lineWidth = 3
  pen.stroke()
}

function disc(pen: Pen, x: number, y: number, radius: number): void {
  pen.beginPath()
  pen.arc(x, y, radius, 0, 2 * Math.PI)
  pen.fill()
}

function mark(pen: Pen, { of, signal }: Heap, { x, y }: Px, { camera, paints }: View): void {
  const alone = Math.min(1.5, Math.max(0.7, 0.7 + ((camera.zoom - 11) / 6) * 0.8))
  pen.save()
  pen.translate(x, y)
  drawSignal(pen, signal, of.length === 1 ? alone : 1.3 + Math.log10(of.length) * 0.325)
  pen.restore()
  if (of.length > 1) words(pen, String(of.length), { x, y: y + 24 }, paints)
}

function words(pen: Pen, text: string, { x, y }: Px, paints: Paints): void {
  pen.font = FONT
  pen.textAlign = 'center'
  pen.textBaseline = 'middle'
  pen.strokeStyle = paints.halo
  pen.lineWidth = 4
  pen.strokeText(text, x, y)
  pen.fillStyle = paints.text
  pen.fillText(text, x, y)
}

interface Box {
  x: number
  y: number
  width: number
  height: number
}

/** Names where they cover neither a case nor one another: in the middle, above it or below; else not at all. */
function labels(pen: Pen, communities: readonly Named[], covered: Box[], { camera, size, paints }: View): void {
  pen.font = FONT
  for (const { name, middle } of communities) {
    const at = pxOf(middle, camera, size)
    if (!within(at, size)) continue
    const width = pen.measureText(name).width + 4
    const free = [0, -BESIDE_PX, BESIDE_PX].map((down) => ({ x: at.x, y: at.y + down })).find((one) => !covered.some((box) => meet(box, boxAt(one, width, 20))))
    if (!free) continue
    covered.push(boxAt(free, width, 20))
    words(pen, name, free, paints)
  }
}

function boxAt({ x, y }: Px, width: number, height: number): Box {
  return { x: x - width / 2, y: y - height / 2, width, height }
}

function meet(one: Box, other: Box): boolean {
  return one.x < other.x + other.width && other.x < one.x + one.width && one.y < other.y + other.height && other.y < one.y + one.height
}

function within({ x, y }: Px, { width, height }: Size): boolean {
  return x > -MARGIN_PX && y > -MARGIN_PX && x < width + MARGIN_PX && y < height + MARGIN_PX
}
