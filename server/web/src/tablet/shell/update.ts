import { ref } from 'vue'
import { Workbox } from 'workbox-window'

const waiting = ref(false)
let worker: Workbox | null = null

/** Let these pages open without a network from now on. Browsers allow it over https and on localhost only. */
export function registerWorker(): void {
  if (!('serviceWorker' in navigator) || import.meta.env.DEV) return
  worker = new Workbox('/tablet/sw.js', { scope: '/tablet/' })
  worker.addEventListener('waiting', () => (waiting.value = true))
  void worker.register().catch(() => null) // no https: the pages work, offline they do not open
}

const AGAIN_AFTER_MS = 30_000
const NAME = 'wangge.tablet.reloaded'

/**
 * A page that was opened before the server got a newer version may ask for parts that are gone: load it anew. Not
 * twice within half a minute, so that a server that has truly lost a file is not asked for ever.
 */
export function reloadWhenPartsAreGone(): void {
  window.addEventListener('vite:preloadError', (event) => {
    const last = Number(sessionStorage.getItem(NAME) ?? 0)
    if (!navigator.onLine || Date.now() - last < AGAIN_AFTER_MS) return
    event.preventDefault()
    sessionStorage.setItem(NAME, String(Date.now()))
    window.location.reload()
  })
}

/** A newer version of the pages waits; it takes over when the worker says so, never by itself. */
export function useUpdate() {
  function takeOver() {
    worker?.addEventListener('controlling', () => window.location.reload())
    worker?.messageSkipWaiting()
  }
  return { waiting, takeOver }
}
