import { onBeforeUnmount, onMounted, type Ref } from 'vue'
import type { Px } from './camera'

/** What fingers, a mouse or keys ask of a map. */
export interface Asked {
  drag(dx: number, dy: number): void
  /** So many steps nearer, around a pixel; without one around the middle. */
  zoom(steps: number, at?: Px): void
  touch(at: Px): void
}

const STILL_PX = 8
const WHEEL_PER_STEP = 450
const KEY_PX = 80
const KEYS: Record<string, (asked: Asked) => void> = {
  ArrowLeft: ({ drag }) => drag(KEY_PX, 0),
  ArrowRight: ({ drag }) => drag(-KEY_PX, 0),
  ArrowUp: ({ drag }) => drag(0, KEY_PX),
  ArrowDown: ({ drag }) => drag(0, -KEY_PX),
  '+': ({ zoom }) => zoom(1),
  '=': ({ zoom }) => zoom(1),
  '-': ({ zoom }) => zoom(-1),
}

/** Hear the gestures on an element: one finger drags, two zoom, a wheel zooms, a short touch chooses. */
export function useGestures(element: Ref<HTMLElement | null>, asked: Asked): void {
  const fingers = new Map<number, Px>()
  let travelled = 0

  function down(event: PointerEvent) {
    element.value?.setPointerCapture(event.pointerId)
    if (fingers.size === 0) travelled = 0
    fingers.set(event.pointerId, pxOf(event))
  }
  function move(event: PointerEvent) {
    const before = fingers.get(event.pointerId)
    if (!before) return
    const now = pxOf(event)
    const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1]
    fingers.set(event.pointerId, now)
    travelled += Math.hypot(now.x - before.x, now.y - before.y)
    if (travelled < STILL_PX) return // a glove trembles
    const share = other ? 2 : 1
    asked.drag((now.x - before.x) / share, (now.y - before.y) / share)
    if (other) asked.zoom(Math.log2(apart(now, other) / apart(before, other)), { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 })
  }
  function up(event: PointerEvent) {
    const held = fingers.delete(event.pointerId)
    if (held && event.type === 'pointerup' && fingers.size === 0 && travelled < STILL_PX) asked.touch(pxOf(event))
  }
  function wheel(event: WheelEvent) {
    event.preventDefault()
    asked.zoom(Math.max(-1.5, Math.min(1.5, -event.deltaY / WHEEL_PER_STEP)), pxOf(event))
  }
  function key(event: KeyboardEvent) {
    const deed = KEYS[event.key]
    if (!deed) return
    event.preventDefault()
    deed(asked)
  }

  const heard = { pointerdown: down, pointermove: move, pointerup: up, pointercancel: up, wheel, keydown: key } as Record<string, (event: never) => void>
  onMounted(() => {
    for (const [name, hear] of Object.entries(heard)) element.value?.addEventListener(name, hear as EventListener, { passive: false })
  })
  onBeforeUnmount(() => {
    for (const [name, hear] of Object.entries(heard)) element.value?.removeEventListener(name, hear as EventListener)
  })

  function pxOf({ clientX, clientY }: MouseEvent): Px {
    const box = element.value?.getBoundingClientRect()
    return { x: clientX - (box?.left ?? 0), y: clientY - (box?.top ?? 0) }
  }
}

function apart(one: Px, other: Px): number {
  return Math.max(1, Math.hypot(one.x - other.x, one.y - other.y))
}
