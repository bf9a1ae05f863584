/** What the protocol asks of the world around it; tests put their own in its place. */
export interface Surroundings {
  fetch: typeof fetch
  /** The wall clock, in ms. */
  now: () => number
  /** A clock that nobody can set, in ms. */
  monotonic: () => number
  random: () => number
  /** Raises the signal's reason when it is aborted. */
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>
  /** Run alone of all tabs and workers that ask by this name. */
  alone: <T>(name: string, act: () => Promise<T>) => Promise<T>
  /** Whether somebody runs by this name just now. */
  isTaken: (name: string) => Promise<boolean>
  isOnline: () => boolean
  /** A line that is paid by the byte, as far as the browser tells. */
  isMetered: () => boolean
  /** How full the browser's store is; empty where it does not say. */
  room: () => Promise<StorageEstimate>
  /** The tablet's battery; null where the browser does not say. Only pages are told, workers are not. */
  battery: () => Promise<Battery | null>
  /** Forget the pages themselves, and everything else that this origin keeps: the tablet is erased. */
  forgetPages: () => Promise<void>
  /** What tus sends with; the browser's own when absent. */
  tus?: { httpStack: import('tus-js-client').HttpStack; fileReader: import('tus-js-client').FileReader }
}

/** A battery's level from 0 to 1. */
export interface Battery {
  level: number
  charging: boolean
}

interface NetworkInformation {
  type?: string
  saveData?: boolean
}

/** The browser, on a page or in a worker. */
export function browser(): Surroundings {
  return {
    fetch: (...asked) => fetch(...asked),
    now: () => Date.now(),
    monotonic: () => performance.now(),
    random: () => Math.random(),
    sleep,
    alone,
    isTaken,
    isOnline: () => navigator.onLine !== false,
    isMetered: () => {
      const line = (navigator as { connection?: NetworkInformation }).connection
      return line?.type === 'cellular' || line?.saveData === true
    },
    room: async () => (await navigator.storage?.estimate?.().catch(() => null)) ?? {},
    battery,
    forgetPages,
  }
}

async function battery(): Promise<Battery | null> {
  const told = await (navigator as { getBattery?: () => Promise<Battery> }).getBattery?.().catch(() => null)
  return told ? { level: told.level, charging: told.charging } : null
}

async function forgetPages(): Promise<void> {
  if (typeof caches !== 'undefined') for (const name of await caches.keys()) await caches.delete(name)
  for (const worker of (await navigator.serviceWorker?.getRegistrations()) ?? []) await worker.unregister()
  for (const { name } of (await indexedDB.databases?.()) ?? []) if (name) indexedDB.deleteDatabase(name)
  localStorage.clear()
  sessionStorage.clear()
}

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(done, ms)
    const stop = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    function done() {
      signal?.removeEventListener('abort', stop)
      resolve()
    }
    if (signal?.aborted) stop()
    else signal?.addEventListener('abort', stop, { once: true })
  })
}

const turns = new Map<string, Promise<unknown>>()

async function alone<T>(name: string, act: () => Promise<T>): Promise<T> {
  if (typeof navigator !== 'undefined' && navigator.locks) return (await navigator.locks.request(name, act)) as T
  return inTurn(name, act)
}

async function isTaken(name: string): Promise<boolean> {
  if (typeof navigator === 'undefined' || !navigator.locks) return false
  const { held } = await navigator.locks.query()
  return held?.some((lock) => lock.name === name) ?? false
}

/** One after the other within this page: all there is where a page came by http. */
export async function inTurn<T>(name: string, act: () => Promise<T>): Promise<T> {
  const before = turns.get(name) ?? Promise.resolve()
  const mine = before.then(act, act)
  turns.set(
    name,
    mine.catch(() => {}),
  )
  return mine
}
