import { Damaged } from './errors'
import { isHeic } from './heif'

export interface Drawn {
  blob: Blob
  width: number
  height: number
}

/** Draws pictures smaller. */
export interface Pictures {
  /** Width and height as people see it, and the picture at most `px` on its long side, as JPEG; null where it
   * is no larger. Raises Damaged when this browser cannot read it. */
  measure(file: Blob): Promise<{ width: number; height: number }>
  draw(file: Blob, px: number, quality: number): Promise<Drawn>
}

/** By the browser's own decoder, in a worker: turned upright as EXIF says. */
export const canvas: Pictures = {
  async measure(file) {
    const picture = await decoded(file)
    const { width, height } = picture
    picture.close()
    return { width, height }
  },

  async draw(file, px, quality) {
    const picture = await decoded(file)
    const scale = Math.min(1, px / Math.max(picture.width, picture.height))
    const width = Math.max(Math.round(picture.width * scale), 1)
    const height = Math.max(Math.round(picture.height * scale), 1)
    const paper = new OffscreenCanvas(width, height)
    const pen = paper.getContext('2d')!
    pen.imageSmoothingQuality = 'high'
    pen.drawImage(picture, 0, 0, width, height)
    picture.close()
    return { blob: await paper.convertToBlob({ type: 'image/jpeg', quality }), width, height }
  },
}

async function decoded(file: Blob): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(file, { imageOrientation: 'from-image' })
  } catch {
    throw new Damaged('this browser cannot read the picture')
  }
}

const SIGNATURES: [type: string, at: number, bytes: string][] = [
  ['image/jpeg', 0, '\xff\xd8\xff'],
  ['image/png', 0, '\x89PNG\r\n\x1a\n'],
  ['image/webp', 8, 'WEBP'],
]

/** What the first bytes are, of the kinds that the server takes; null for any other. */
export function kindOf(head: Uint8Array): string | null {
  const told = String.fromCharCode(...head.subarray(0, 16))
  return SIGNATURES.find(([, at, bytes]) => told.startsWith(bytes, at))?.[0] ?? (isHeic(head) ? 'image/heic' : null)
}
