import { ref } from 'vue'
import { useTablet } from '../data/session'
import { placeNow } from '../device/position'
import { frameOf } from '../device/camera'
import { useWords } from '../i18n'
import { NotAPicture, QuotaFull, TooLarge } from '../protocol'
import { measureRoom } from '../shell/status'
import { exifMade, withExif } from './exifmade'

/** Keeps photos on the shelf of the tablet; `busy` counts those on their way, `wrong` says why one was not kept. */
export function useKeeping() {
  const tablet = useTablet()
  const { t } = useWords()
  const busy = ref(0)
  const wrong = ref<string | null>(null)

  async function keep(file: Blob, taken_at?: string): Promise<string | null> {
    busy.value++
    wrong.value = null
    try {
      return (await tablet.photos.add(file, taken_at ? { taken_at } : {})).sha256
    } catch (thrown) {
      wrong.value = reasonOf(thrown)
      if (thrown instanceof QuotaFull) measureRoom()
      return null
    } finally {
      busy.value--
    }
  }

  /** Keep what a viewfinder shows now, with the time and place of now written into it. */
  async function keepFrame(video: HTMLVideoElement): Promise<string | null> {
    const at = new Date()
    const frame = await frameOf(video)
    const bytes = withExif(new Uint8Array(await frame.arrayBuffer()), exifMade(at, placeNow()))
    return keep(new Blob([bytes], { type: 'image/jpeg' }), at.toISOString())
  }

  async function keepFiles(files: Iterable<File>): Promise<string[]> {
    const kept: string[] = []
    for (const file of files) {
      const digest = await keep(file)
      if (digest) kept.push(digest)
    }
    return kept
  }

  function reasonOf(thrown: unknown): string {
    if (thrown instanceof NotAPicture) return t('photos.wrong.NotAPicture')
    if (thrown instanceof TooLarge) return t('photos.wrong.TooLarge')
    if (thrown instanceof QuotaFull) return t('photos.wrong.QuotaFull')
    return t('photos.wrong.other', { why: thrown instanceof Error ? thrown.message : String(thrown) })
  }
  return { busy, wrong, keepFrame, keepFiles }
}
