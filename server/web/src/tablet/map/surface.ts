import { onBeforeUnmount, onMounted, shallowRef, type Ref } from 'vue'
import type { Size } from './camera'

/** A canvas as sharp and as large as it stands on the page, drawn anew at most once a frame. */
export function useSurface(canvas: Ref<HTMLCanvasElement | null>, paint: (pen: CanvasRenderingContext2D, size: Size) => void) {
  const size = shallowRef<Size | null>(null)
  let pen: CanvasRenderingContext2D | null = null
  let asked = 0
  const watching = typeof ResizeObserver === 'undefined' ? null : new ResizeObserver(measure)

  function measure() {
    const element = canvas.value
    if (!element?.clientWidth) return
    const ratio = window.devicePixelRatio || 1
    size.value = { width: element.clientWidth, height: element.clientHeight }
    element.width = Math.round(size.value.width * ratio)
    element.height = Math.round(size.value.height * ratio)
    pen = element.getContext('2d', { alpha: false })
    pen?.scale(ratio, ratio)
    draw()
  }
  function draw() {
    asked = 0
    if (pen && size.value) paint(pen, size.value)
  }
  /** Draw in the next frame. */
  function redraw() {
    asked ||= requestAnimationFrame(draw)
  }
  onMounted(() => {
    measure()
    if (canvas.value) watching?.observe(canvas.value)
  })
  onBeforeUnmount(() => {
    watching?.disconnect()
    cancelAnimationFrame(asked)
  })
  return { size, redraw }
}
