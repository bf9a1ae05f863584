import { computed, effectScope, shallowRef, watch, type EffectScope } from 'vue'
import type { Place } from '../checklist/model'
import type { Tablet } from '../protocol'
import { metresBetween } from './geo'
import { usePosition } from './position'

export interface TrackPoint {
  lon: number
  lat: number
  at: string
  accuracy_m?: number | null
}

const KIND = 'track'
const WORST_M = 80
const STEP_M = 8
const STILL_MS = 60_000
const MOST_POINTS = 400

/** Whether a new fix tells something that the track does not know yet: far enough, or long enough after the last. */
export function isNews(last: TrackPoint | undefined, next: TrackPoint): boolean {
  if ((next.accuracy_m ?? 0) > WORST_M) return false
  if (!last) return true
  return metresBetween(last, next) >= STEP_M || Date.parse(next.at) - Date.parse(last.at) >= STILL_MS
}

/** The metres of a track from point to point. */
export function lengthOf(points: readonly TrackPoint[]): number {
  return points.reduce((sum, point, index) => (index === 0 ? 0 : sum + metresBetween(points[index - 1]!, point)), 0)
}

const points = shallowRef<TrackPoint[]>([])
const running = shallowRef<string | null>(null)
let following: EffectScope | null = null
let lock: WakeLockSentinel | null = null

/**
 * The track of the walk that goes on, over all pages. Each point is on the disk at once as a draft; it is handed in
 * when the walk ends and whenever it has grown long.
 */
export function useTrack(tablet: Tablet) {
  function note(place: Place | null) {
    if (!place || !running.value) return
    const next = { lon: place.lon, lat: place.lat, at: place.at ?? new Date().toISOString(), accuracy_m: place.accuracy_m }
    if (!isNews(points.value.at(-1), next)) return
    points.value = [...points.value, next]
    void tablet.drafts.save({ draft_id: running.value, kind: KIND, content: { points: points.value } })
    if (points.value.length >= MOST_POINTS) void handIn().then(start)
  }
  function follow(draft_id: string) {
    running.value = draft_id
    following?.stop()
    following = effectScope(true) // the walk goes on when the page that began it is left
    following.run(() => watch(usePosition().fix, note, { immediate: true }))
    void navigator.wakeLock
      ?.request('screen')
      .then((held) => (lock = held))
      .catch(() => null)
  }
  function start() {
    points.value = []
    follow(crypto.randomUUID())
  }
  /** Go on with a walk that a dead battery or a closed browser cut off. */
  async function resume() {
    if (running.value) return
    const [draft] = await tablet.drafts.list<{ points: TrackPoint[] }>(KIND)
    if (!draft) return
    points.value = draft.content.points
    follow(draft.draft_id)
  }
  async function handIn() {
    const draft_id = running.value
    const walked = points.value
    running.value = null
    points.value = []
    if (!draft_id) return
    if (walked.length > 1) await tablet.outbox.enqueue({ type: 'track.append', data: { points: walked, datum: 'wgs84' } }, { draft_id })
    else await tablet.drafts.discard(draft_id)
  }
  async function stop() {
    following?.stop()
    following = null
    void lock?.release()
    await handIn()
  }
  return { points, running: computed(() => running.value !== null), metres: computed(() => lengthOf(points.value)), start, stop, resume }
}
