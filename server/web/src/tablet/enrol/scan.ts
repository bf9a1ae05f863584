/** Reads QR codes from frames of a video: by the browser where it can, else by a reader of our own. */
export type Reader = (video: HTMLVideoElement) => Promise<string | null>

interface Detector {
  detect(source: CanvasImageSource): Promise<{ rawValue: string }[]>
}
type DetectorClass = { new (options: { formats: string[] }): Detector; getSupportedFormats(): Promise<string[]> }

const MOST_PX = 800

/** The best reader that this browser has. */
export async function qrReader(): Promise<Reader> {
  const known = (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector
  if (known && (await known.getSupportedFormats().catch((): string[] => [])).includes('qr_code')) {
    const detector = new known({ formats: ['qr_code'] })
    return async (video) => (await detector.detect(video).catch(() => []))[0]?.rawValue ?? null
  }
  const { default: read } = await import('jsqr')
  const canvas = document.createElement('canvas')
  return (video) => Promise.resolve(readFrame(video, canvas, read))
}

function readFrame(video: HTMLVideoElement, canvas: HTMLCanvasElement, read: typeof import('jsqr').default): string | null {
  const scale = Math.min(1, MOST_PX / Math.max(video.videoWidth, video.videoHeight, 1))
  const [width, height] = [Math.round(video.videoWidth * scale), Math.round(video.videoHeight * scale)]
  if (width === 0 || height === 0) return null
  Object.assign(canvas, { width, height })
  const pen = canvas.getContext('2d', { willReadFrequently: true })
  if (!pen) return null
  pen.drawImage(video, 0, 0, width, height)
  return read(pen.getImageData(0, 0, width, height).data, width, height)?.data ?? null
}
