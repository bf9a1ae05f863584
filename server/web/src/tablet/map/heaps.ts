import type { Signal } from '../cases/signal'
import { worldPx, type Spot } from './camera'

/** An open case on the map. */
export interface CaseSpot extends Spot {
  id: string
  signal: Signal
}

/** Cases that would lie upon one another, drawn as one mark in the middle of them; one case is a heap of its own. */
export interface Heap extends Spot {
  of: CaseSpot[]
  /** The worst of them. */
  signal: Signal
}

const REACH_PX = 40
/** From here on each case stands by itself: then a screen holds few. */
export const SINGLE_FROM_ZOOM = 18
export const WORST: readonly Signal[] = ['red', 'yellow', 'green', 'none']
const ROW = 2 ** 26

/** The cases in heaps, as they are drawn at a zoom. Each is in exactly one heap. */
export function heaped(spots: readonly CaseSpot[], zoom: number): Heap[] {
  if (zoom >= SINGLE_FROM_ZOOM) return spots.map((spot) => ({ x: spot.x, y: spot.y, of: [spot], signal: spot.signal }))
  const reach = REACH_PX / worldPx(zoom)
  const squares = inSquares(spots, reach)
  const taken = new Set<CaseSpot>()
  const heaps: Heap[] = []
  for (const spot of spots) {
    if (taken.has(spot)) continue
    const near = around(spot, squares, reach).filter((other) => !taken.has(other) && Math.hypot(other.x - spot.x, other.y - spot.y) <= reach)
    near.forEach((other) => taken.add(other))
    heaps.push(heapOf(near))
  }
  return heaps
}

/** The zoom at which a heap falls apart; where it never does, the one from which each case stands by itself. */
export function apartAt(heap: Heap, zoom: number): number {
  let nearer = Math.floor(zoom) + 1
  while (nearer < SINGLE_FROM_ZOOM && heaped(heap.of, nearer).length === 1) nearer++
  return nearer
}

function heapOf(spots: CaseSpot[]): Heap {
  const middle = (of: (spot: Spot) => number) => spots.reduce((sum, spot) => sum + of(spot), 0) / spots.length
  const signals = new Set(spots.map((spot) => spot.signal))
  return { x: middle((spot) => spot.x), y: middle((spot) => spot.y), of: spots, signal: WORST.find((signal) => signals.has(signal)) ?? 'none' }
}

type Squares = Map<number, CaseSpot[]>

function squareOf(column: number, row: number): number {
  return column * ROW + row
}

function inSquares(spots: readonly CaseSpot[], side: number): Squares {
  const squares: Squares = new Map()
  for (const spot of spots) {
    const square = squareOf(Math.floor(spot.x / side), Math.floor(spot.y / side))
    const held = squares.get(square)
    if (held) held.push(spot)
    else squares.set(square, [spot])
  }
  return squares
}

function around(spot: Spot, squares: Squares, side: number): CaseSpot[] {
  const [column, row] = [Math.floor(spot.x / side), Math.floor(spot.y / side)]
  const found: CaseSpot[] = []
  for (const dx of [-1, 0, 1]) for (const dy of [-1, 0, 1]) found.push(...(squares.get(squareOf(column + dx, row + dy)) ?? []))
  return found
}
