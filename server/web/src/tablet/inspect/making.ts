import { computed, onMounted, provide, inject, ref, shallowRef, type InjectionKey } from 'vue'
import { judge, type Context, type Finding } from '../checklist/judge'
import type { Answer, Answers } from '../checklist/model'
import { localDay } from '../checklist/workcalendar'
import { readCases } from '../data/field'
import { useLive } from '../data/live'
import { useProgramme } from '../data/programme'
import { useTablet } from '../data/session'
import { nowMs } from '../device/clock'
import { placeNow, usePosition } from '../device/position'
import { DRAFT_KIND, handedIn, photosOfDraft, type InspectionDraft } from './draft'

export type Making = ReturnType<typeof useMaking>
const KEY: InjectionKey<Making> = Symbol('making')

/** The inspection that is being made: its draft, saved at every change, and what follows from the answers so far. */
export function useMaking(draft_id: string) {
  const tablet = useTablet()
  const draft = shallowRef<InspectionDraft | null>(null)
  const missing = ref(false)
  const saving = ref(0)
  const failed = ref<string | null>(null)
  const { programme, categoryName, unitName } = useProgramme()
  const { value: cases } = useLive(() => readCases(tablet))
  usePosition()

  onMounted(async () => {
    const found = await tablet.drafts.get<InspectionDraft>(draft_id)
    if (found) draft.value = found.content
    else missing.value = true
  })

  function change(part: Partial<InspectionDraft>): void {
    if (!draft.value) return
    draft.value = { ...draft.value, location: draft.value.location ?? placeNow(), ...part }
    void save(draft.value)
  }
  async function save(content: InspectionDraft): Promise<void> {
    saving.value++
    failed.value = null
    try {
      const { community_id } = content
      await tablet.drafts.save({ draft_id, kind: DRAFT_KIND, community_id, content, photos: photosOfDraft(content) })
    } catch (thrown) {
      failed.value = thrown instanceof Error ? thrown.message : String(thrown)
    } finally {
      saving.value--
    }
  }
  function answer(code: string, next: Answer | undefined): void {
    if (!draft.value) return
    const answers: Answers = { ...draft.value.answers }
    if (next) answers[code] = next
    else delete answers[code]
    change({ answers })
  }

  const context = computed<Context | null>(() => {
    const known = programme.value
    if (!known) return null
    return { today: localDay(nowMs()), calendar: known.calendar, severities: (category) => known.book.severities(category) }
  })
  const findings = computed<Finding[]>(() =>
    draft.value && context.value ? judge(draft.value.document, draft.value.answers, context.value) : [],
  )

  /** Hand the inspection in; returns the mid of its item in the outbox. */
  async function handIn(): Promise<string> {
    const made = draft.value!
    const data = handedIn({ ...made, location: made.location ?? placeNow() }, new Date().toISOString())
    const { corrects } = made
    const { mid } = corrects
      ? await tablet.outbox.enqueue({ type: 'inspection.correct', data: { ...data, corrects } }, { draft_id })
      : await tablet.outbox.enqueue({ type: 'inspection.create', data }, { draft_id })
    return mid
  }
  const making = { draft_id, draft, missing, saving, failed, programme, categoryName, unitName, cases, context, findings, change, answer, handIn }
  provide(KEY, making)
  return making
}

/** The inspection that the page around is making. */
export function useMade(): Making {
  const made = inject(KEY)
  if (!made) throw new Error('nothing is being made here')
  return made
}
