import { onBeforeUnmount, ref, shallowRef } from 'vue'
import { get, getBlob, postForm } from '@/shared/client'
import { asProblem, Problem } from '@/shared/problem'
import type { Page } from '@/shared/types'

/** One thing wrong with one cell of a table; row counts as Excel does. */
export interface CellFault {
  row: number
  column: string
  value: string
  detail: string
  detail_zh: string
}

/** What came of a task; which members are there depends on its kind and state. */
export interface Answer {
  rows?: number
  created?: number
  changed?: number
  unchanged?: number
  open_cases?: number
  closed_cases?: number
  photos?: number
  refused_rows?: number
  reasons?: Record<string, number>
  dry_run?: boolean
  errors?: CellFault[]
  detail?: string
  detail_zh?: string
  titles?: string[]
  sample?: Record<string, string>[]
  fields?: Record<string, string>
  mended_rows?: number
  mended?: { row: number; detail: string; detail_zh: string }[]
  warnings?: { code: string; detail: string; detail_zh: string }[]
  changes?: string
}

/** Work on a table that the server's workers do. */
export interface Task {
  task_id: string
  kind: string
  file_name: string
  asked: Record<string, unknown>
  state: 'waiting' | 'working' | 'done' | 'refused' | 'failed'
  done_rows: number
  total_rows: number | null
  created_at: string
  finished_at: string | null
  answer: Answer
  status: string
  file: string | null
  report: string | null
}

const ASK_AGAIN_MS = 1000

export function ended(task: Task): boolean {
  return ['done', 'refused', 'failed'].includes(task.state)
}

/** Ask a form of the server and follow the task that it becomes; a page that comes back finds it again. */
export function useTask() {
  const task = shallowRef<Task | null>(null)
  const problem = shallowRef<Problem | null>(null)
  const busy = ref(false)
  let leaving = new AbortController()

  async function follow(status: string) {
    leaving.abort()
    const mine = (leaving = new AbortController())
    busy.value = true
    problem.value = null
    try {
      do {
        task.value = await get<Task>(status, {}, mine.signal)
        if (!ended(task.value)) await pause(ASK_AGAIN_MS, mine.signal)
      } while (!ended(task.value))
    } catch (thrown) {
      if (!mine.signal.aborted) problem.value = asProblem(thrown)
    } finally {
      if (leaving === mine) busy.value = false
    }
    return task.value
  }
  /** Send what `ask` sends, then follow it to its end; null when it could not be sent. */
  async function start(ask: () => Promise<Task>): Promise<Task | null> {
    leaving.abort()
    busy.value = true
    task.value = null
    problem.value = null
    try {
      task.value = await ask()
    } catch (thrown) {
      problem.value = asProblem(thrown)
      busy.value = false
      return null
    }
    return follow(task.value.status)
  }
  function forget() {
    leaving.abort()
    task.value = null
    problem.value = null
    busy.value = false
  }
  onBeforeUnmount(() => leaving.abort())
  return { task, problem, busy, start, follow, forget }
}

/** The newest tasks of one's own, of some kinds. Raises Problem. */
export async function ownTasks(): Promise<Task[]> {
  return (await get<Page<Task>>('/api/v1/sheets', { limit: 50 })).items
}

/** POST the fields that are set as a form. Raises Problem. */
export async function sendForm(path: string, fields: Record<string, string | boolean | File | null | undefined>): Promise<Task> {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) {
    if (value instanceof File) await checkReadable(value)
    if (value !== null && value !== undefined && value !== '') form.append(name, value instanceof File ? value : String(value))
  }
  return postForm<Task>(path, form)
}

/** A browser gives no byte of a file that was saved again after it was chosen, and calls that a lost network. */
async function checkReadable(file: File): Promise<void> {
  try {
    await file.slice(0, 1).arrayBuffer()
  } catch {
    throw new Problem({
      type: '/problems/file-changed',
      title: 'File changed',
      status: 0,
      detail: `${file.name} has changed since it was chosen. Choose it again.`,
      detail_zh: `${file.name} 选择后已被修改，请重新选择该文件。`,
    })
  }
}

/** Let the browser keep a file of the server under a name. Raises Problem. */
export async function download(path: string, name: string): Promise<void> {
  const url = URL.createObjectURL(await getBlob(path))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 60_000) // some browsers read it only after the click
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      reject(new DOMException('left', 'AbortError'))
    })
  })
}
