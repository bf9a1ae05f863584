import { onScopeDispose, ref, shallowRef } from 'vue'

const WANTED: MediaStreamConstraints = {
  audio: false,
  video: { facingMode: { ideal: 'environment' }, width: { ideal: 2560 }, height: { ideal: 1920 } },
}

/** The camera at the back of the tablet: its picture as a stream, closed with the component. */
export function useCamera() {
  const stream = shallowRef<MediaStream | null>(null)
  const failed = ref<string | null>(null)
  let gone = false

  async function open(): Promise<boolean> {
    failed.value = null
    if (!navigator.mediaDevices?.getUserMedia) {
      failed.value = 'https'
      return false
    }
    try {
      const opened = await navigator.mediaDevices.getUserMedia(WANTED)
      if (gone) stop(opened)
      else stream.value = opened
      return !gone
    } catch (thrown) {
      failed.value = thrown instanceof Error ? thrown.message || thrown.name : String(thrown)
      return false
    }
  }
  function close() {
    if (stream.value) stop(stream.value)
    stream.value = null
  }
  onScopeDispose(() => {
    gone = true
    close()
  })
  return { stream, failed, open, close }
}

function stop(stream: MediaStream): void {
  stream.getTracks().forEach((track) => track.stop())
}

/** The frame that a video shows now, as a JPEG. */
export async function frameOf(video: HTMLVideoElement): Promise<Blob> {
  const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight)
  const pen = canvas.getContext('2d')
  if (!pen) throw new Error('no 2d canvas')
  pen.drawImage(video, 0, 0)
  return canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 })
}
