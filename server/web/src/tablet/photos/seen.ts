import { onScopeDispose, ref, watch } from 'vue'
import { useTablet } from '../data/session'

/**
 * The address of a photo's picture for an <img>: `small` at most 320 px. Empty while it comes, null when it cannot;
 * `kept` says whether the photo itself lies on this tablet, even if it cannot be shown here.
 */
export function usePicture(sha256: () => string | null, small: boolean) {
  const tablet = useTablet()
  const url = ref<string | null>('')
  const kept = ref(false)
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
    const row = own ? undefined : await tablet.photos.get(digest)
    const there = row === undefined || row.state === 'arrived'
    const blob = own ?? (there ? await tablet.photos.seen(digest, small ? 240 : 1280).catch(() => null) : null)
    if (mine !== asked) return
    url.value = blob && URL.createObjectURL(blob)
    kept.value = row !== undefined
  }
  watch(sha256, show, { immediate: true })
  onScopeDispose(() => {
    asked++
    release()
  })
  /** The browser could not show what came. */
  function failed() {
    release()
    url.value = null
  }
  return { url, kept, failed }
}
