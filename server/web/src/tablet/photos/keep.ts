import { ref } from 'vue'
import { useTablet } from '../data/session'
import { placeNow } from '../device/position'
import { frameOf } from '../device/camera'
import { useWords } from '../i18n'
import { Damaged, NotAPicture, QuotaFull, TooLarge } from '../protocol'
import { measureRoom } from '../shell/status'
import { exifMade, withExif } from './exifmade'

/** Keeps photos on the shelf of the tablet; `busy` counts those on their way, `wrong` says why one was not kept. */
export function useKeeping() {
  const tablet = useTablet()
  const { t } = useWords()
  const busy = ref(0)
  const wrong = ref<string | null>(null)

  /** The digest under which a photo is kept. Raises what the shelf raises. */
  async function shelved(file: Blob, taken_at?: string): Promise<string> {
    busy.value++
    try {
      return (await tablet.photos.add(file, taken_at ? { taken_at } : {})).sha256
    } catch (thrown) {
      if (thrown instanceof QuotaFull) measureRoom()
      throw thrown
    } finally {
      busy.value--
    }
  }

  /** Keep what a viewfinder shows now, with the time and place of now written into it. */
  async function keepFrame(video: HTMLVideoElement): Promise<string | null> {
    const at = new Date()
    wrong.value = null
    try {
      const frame = await frameOf(video)
      const bytes = withExif(new Uint8Array(await frame.arrayBuffer()), exifMade(at, placeNow()))
      return await shelved(new Blob([bytes], { type: 'image/jpeg' }), at.toISOString())
    } catch (thrown) {
      wrong.value = reasonOf(thrown)
      return null
    }
  }

  /** Keep files of the album; `wrong` names each that was not kept, and why. */
  async function keepFiles(files: Iterable<File>): Promise<string[]> {
    const kept: string[] = []
    const faults = new Map<string, string[]>()
    wrong.value = null
    for (const file of files) {
      try {
        kept.push(await shelved(file))
      } catch (thrown) {
        const why = reasonOf(thrown)
        faults.set(why, [...(faults.get(why) ?? []), file.name])
      }
    }
    wrong.value = told(faults, kept.length)
    return kept
  }

  function told(faults: ReadonlyMap<string, string[]>, kept: number): string | null {
    if (faults.size === 0) return null
    const lines = [...faults].map(([why, names]) => t('photos.wrong.files', { names: names.join(t('photos.wrong.and')), why }))
    return [...lines, ...(kept ? [t('photos.wrong.rest', { n: kept })] : [])].join('\n')
  }

  function reasonOf(thrown: unknown): string {
    if (thrown instanceof NotAPicture) return t('photos.wrong.NotAPicture')
    if (thrown instanceof Damaged) return t('photos.wrong.Damaged')
    if (thrown instanceof TooLarge) return t('photos.wrong.TooLarge')
    if (thrown instanceof QuotaFull) return t('photos.wrong.QuotaFull')
    return t('photos.wrong.other', { why: thrown instanceof Error ? thrown.message : String(thrown) })
  }
  return { busy, wrong, keepFrame, keepFiles }
}
