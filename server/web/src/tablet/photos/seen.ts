import { onScopeDispose, ref, watch } from 'vue'
import { useTablet } from '../data/session'

/** The address of a photo's picture for an <img>: `small` at most 320 px. Empty while it comes, null when it cannot. */
export function usePicture(sha256: () => string | null, small: boolean) {
  const tablet = useTablet()
  const url = ref<string | null>('')
  let asked = 0

  function release() {
    if (url.value) URL.revokeObjectURL(url.value)
    url.value = ''
  }
  async function show(digest: string | null) {
    release()
    const mine = ++asked
    if (!digest) return
    const own = await (small ? tablet.photos.thumbnail(digest) : tablet.photos.blob(digest))
    const blob = own ?? (await tablet.photos.seen(digest, small ? 240 : 1280).catch(() => null))
    if (mine === asked) url.value = blob && URL.createObjectURL(blob)
  }
  watch(sha256, show, { immediate: true })
  onScopeDispose(() => {
    asked++
    release()
  })
  return url
}
