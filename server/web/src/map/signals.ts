import type { Map as MapLibre } from 'maplibre-gl'

const COLOURS = { green: '#2a8a58', yellow: '#d99a06', red: '#c4302a', none: '#7c8a96' } as const
const SIZE = 40 // device pixels at ratio 2

type Shape = keyof typeof COLOURS
type Pen = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D

/** Signal and icon in turn, as a `match` expression takes them. */
export const SIGNAL_ICONS = (['green', 'yellow', 'red'] as const).flatMap((shape) => [shape, `signal-${shape}`])

/** Give a map the marks of the signals: a shape and a colour each, so that no one has to tell red from green. */
export function addSignals(map: MapLibre): void {
  for (const shape of Object.keys(COLOURS) as Shape[]) {
    if (!map.hasImage(`signal-${shape}`)) map.addImage(`signal-${shape}`, drawing(shape), { pixelRatio: 2 })
  }
}

function drawing(shape: Shape): ImageData {
  const canvas = new OffscreenCanvas(SIZE, SIZE)
  const pen = canvas.getContext('2d', { willReadFrequently: true }) // drawn to be read: the GPU would take 80 ms each
  if (!pen) throw new Error('no 2d canvas')
  pen.translate(SIZE / 2, SIZE / 2)
  drawSignal(pen, shape, 2)
  return pen.getImageData(0, 0, SIZE, SIZE)
}

/** Draw the mark of a signal around the pen's origin, at scale 1 about 13 px wide. The pen is left scaled. */
export function drawSignal(pen: Pen, shape: Shape, scale: number): void {
  pen.scale(scale / 2, scale / 2)
  pen.translate(-SIZE / 2, -SIZE / 2)
  pen.lineWidth = 3
  pen.lineJoin = 'round'
  pen.strokeStyle = '#ffffff'
  pen.fillStyle = COLOURS[shape]
  trace(pen, shape)
  pen.fill()
  pen.stroke()
}

function trace(pen: Pen, shape: Shape): void {
  pen.beginPath()
  if (shape === 'red') pen.rect(8, 8, 24, 24)
  else if (shape === 'yellow') {
    pen.moveTo(20, 5)
    pen.lineTo(36, 33)
    pen.lineTo(4, 33)
    pen.closePath()
  } else pen.arc(20, 20, shape === 'green' ? 13 : 9, 0, 2 * Math.PI)
}
