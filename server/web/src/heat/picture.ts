import { LEVELS, told } from './heat'
import { COLD, HOT, QUIET, RAMP } from './paint'

export interface Caption {
  title: string
  lines: string[]
  breaks: number[]
  none: string
  unseen: string
  hot: string | null
  cold: string | null
  north: string
  scale: { text: string; width: number } | null
}

const MARGIN = 20
const FOOT = 96

/** The map as it stands, with title, what was asked, legend, north and scale: a PNG that explains itself. */
export async function picture(map: HTMLCanvasElement, caption: Caption, font: string): Promise<Blob> {
  const ratio = window.devicePixelRatio || 1
  const [width, height] = [map.width / ratio, map.height / ratio]
  const head = 44 + caption.lines.length * 18
  const canvas = document.createElement('canvas')
  canvas.width = width * ratio
  canvas.height = (head + height + FOOT) * ratio
  const pen = canvas.getContext('2d')
  if (!pen) throw new Error('no 2d canvas')
  pen.scale(ratio, ratio)
  pen.fillStyle = '#ffffff'
  pen.fillRect(0, 0, width, head + height + FOOT)
  pen.drawImage(map, 0, head, width, height)
  pen.fillStyle = '#18222c'
  pen.font = `600 18px ${font}`
  pen.fillText(caption.title, MARGIN, 30)
  pen.font = `13px ${font}`
  caption.lines.forEach((line, index) => pen.fillText(line, MARGIN, 52 + index * 18))
  north(pen, width - 40, head + 40, caption.north)
  legend(pen, head + height + 26, caption)
  if (caption.scale) bar(pen, width - 200, head + height + 76, caption.scale)
  return new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no picture'))), 'image/png'))
}

function legend(pen: CanvasRenderingContext2D, top: number, caption: Caption): void {
  const used = RAMP.slice(LEVELS - caption.breaks.length - 1)
  const first = caption.breaks[0]
  const steps: [string, string][] = [
    [QUIET, caption.none],
    ...used.map((colour, index): [string, string] => [
      colour,
      index ? `≥ ${told(caption.breaks[index - 1]!)}` : first === undefined ? '> 0' : `< ${told(first)}`,
    ]),
  ]
  let left = MARGIN
  for (const [colour, text] of steps) left = swatch(pen, left, top, colour, text)
  swatch(pen, left, top, '#b4bac0', `${caption.unseen} ▨`)
  left = MARGIN
  if (caption.hot) left = sign(pen, left, top + 28, HOT, `▲ ${caption.hot}`)
  if (caption.cold) sign(pen, left, top + 28, COLD, `▼ ${caption.cold}`)
}
function swatch(pen: CanvasRenderingContext2D, left: number, top: number, colour: string, text: string): number {
  pen.fillStyle = colour
  pen.fillRect(left, top - 11, 20, 14)
  pen.strokeStyle = '#6b7780'
  pen.strokeRect(left, top - 11, 20, 14)
  return sign(pen, left + 26, top, '#18222c', text)
}
function sign(pen: CanvasRenderingContext2D, left: number, top: number, colour: string, text: string): number {
  pen.fillStyle = colour
  pen.fillText(text, left, top)
  pen.fillStyle = '#18222c'
  return left + pen.measureText(text).width + 18
}
function bar(pen: CanvasRenderingContext2D, left: number, y: number, { text, width }: { text: string; width: number }): void {
  pen.strokeStyle = '#18222c'
  pen.lineWidth = 2
  pen.beginPath()
  pen.moveTo(left, y - 8)
  pen.lineTo(left, y)
  pen.lineTo(left + width, y)
  pen.lineTo(left + width, y - 8)
  pen.stroke()
  pen.fillText(text, left + 6, y - 6)
}
function north(pen: CanvasRenderingContext2D, x: number, y: number, letter: string): void {
  pen.beginPath()
  pen.moveTo(x, y - 22)
  pen.lineTo(x + 9, y + 8)
  pen.lineTo(x, y + 2)
  pen.lineTo(x - 9, y + 8)
  pen.closePath()
  pen.fill()
  pen.fillText(letter, x - 6, y + 24)
}
