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

/** A newer version of the pages waits; it takes over when the worker says so, never by itself. */
export function useUpdate() {
  function takeOver() {
    worker?.addEventListener('controlling', () => window.location.reload())
    worker?.messageSkipWaiting()
  }
  return { waiting, takeOver }
}
