import { computed, onScopeDispose, ref, shallowRef } from 'vue'
import type { Place } from '../checklist/model'

/** A fix is told as where one is for so long; an older one is shown with its age. */
const FRESH_MS = 60_000
const OPTIONS: PositionOptions = { enableHighAccuracy: true, maximumAge: 5_000, timeout: 30_000 }

const fix = shallowRef<Place | null>(null)
const refused = ref<'denied' | 'unavailable' | null>(null)
let watching: number | null = null
let readers = 0

function told(position: GeolocationPosition): void {
  const { longitude, latitude, accuracy } = position.coords
  refused.value = null
  fix.value = {
    lon: Number(longitude.toFixed(7)),
    lat: Number(latitude.toFixed(7)),
    accuracy_m: Number(accuracy.toFixed(1)),
    datum: 'wgs84', // what browsers tell is WGS 84 by their standard
    provider: 'browser',
    at: new Date(position.timestamp).toISOString(),
  }
}

function failed(error: GeolocationPositionError): void {
  refused.value = error.code === error.PERMISSION_DENIED ? 'denied' : 'unavailable'
}

function begin(): void {
  if (!('geolocation' in navigator)) refused.value = 'unavailable'
  else watching ??= navigator.geolocation.watchPosition(told, failed, OPTIONS)
}

function end(): void {
  if (watching !== null) navigator.geolocation.clearWatch(watching)
  watching = null
}

/** Where this tablet is, followed as long as any reader lives. Call `begin` from a page that says why it asks. */
export function usePosition() {
  readers++
  begin()
  onScopeDispose(() => {
    readers--
    if (readers === 0) end()
  })
  const fresh = computed(() => (fix.value && Date.now() - Date.parse(fix.value.at ?? '') < FRESH_MS ? fix.value : null))
  return { fix, fresh, refused }
}

/** The last fix as it is handed in, without what only the pages need; null before there is one. */
export function placeNow(): Place | null {
  return fix.value && { ...fix.value }
}
