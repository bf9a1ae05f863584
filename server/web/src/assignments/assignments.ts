import { post } from '@/shared/client'
import { everyItem } from '@/shared/list'

/** Somebody who walks a cell; `valid_to` is the first day on which it no longer holds. */
export interface Walker {
  assignment_id: string
  username: string
  name: string
  active: boolean
  valid_from: string
  valid_to: string | null
}
export interface Cell {
  code: string
  neighbourhood_code: string
  neighbourhood_name: string
  subdistrict_code: string
  subdistrict_name: string
  area_m2: number
  geometry: GeoJSON.Polygon | GeoJSON.MultiPolygon
  workers: Walker[]
  to_come: Walker[]
}
export interface Moved {
  change_id: string | null
  cells: string[]
  taken_from: string[]
  ended: number
  made: number
}
export interface Change {
  change_id: string
  cells: string[]
  worker: string | null
  worker_name: string | null
  taken_from_name: string | null
  beside: boolean
  valid_from: string
  valid_to: string | null
  why: string
  made_by: string
  made_at: string
  undone_by: string | null
  undone_at: string | null
}
/** What is asked of the server: `to` is the last day, `worker` null leaves the cells with nobody. */
export interface Wanted {
  cells: string[]
  worker: string | null
  taken_from?: string | null
  beside?: boolean
  from: string
  to?: string | null
  why?: string
  dry_run?: boolean
}

// Okabe and Ito: told apart by eyes of every kind, on light and dark ground. Vermilion is kept for cells without a worker.
export const COLOURS = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#8c6d31', '#f0e442', '#7b5aa6'] as const
export const NOBODY = '#d55e00'

/** The cells of a day within reach. Raises Problem. */
export const readCells = (on: string, subdistrict?: string) => everyItem<Cell>('/api/v1/assignments', { on, subdistrict })

/** Give cells to a worker, or try it. Raises Problem. */
export const assign = (wanted: Wanted) => post<Moved>('/api/v1/assignments', wanted)

/** Let assignments stand as before a change. Raises Problem. */
export const undo = (id: string) => post<Change>(`/api/v1/assignments/changes/${id}/undo`, {})

export interface Worker {
  username: string
  name: string
  cells: number
  colour: string
}

/** Who walks these cells, most cells first; those whose cells lie side by side get different colours while there are enough. */
export function workersOf(cells: Cell[]): Worker[] {
  const found = new Map<string, { username: string; name: string; boxes: Box[] }>()
  for (const cell of cells) {
    for (const { username, name } of cell.workers) {
      const one = found.get(username) ?? { username, name, boxes: [] }
      one.boxes.push(boxOfCell(cell))
      found.set(username, one)
    }
  }
  const ordered = [...found.values()].sort((a, b) => b.boxes.length - a.boxes.length || a.username.localeCompare(b.username))
  const coloured: (Worker & { boxes: Box[] })[] = []
  for (const one of ordered) {
    const beside = new Set(coloured.filter((other) => touch(one.boxes, other.boxes)).map((other) => other.colour))
    const uses = (colour: string) => coloured.filter((other) => other.colour === colour).length
    const free = COLOURS.filter((colour) => !beside.has(colour))
    const colour = [...(free.length ? free : COLOURS)].sort((a, b) => uses(a) - uses(b))[0]!
    coloured.push({ ...one, cells: one.boxes.length, colour })
  }
  return coloured.map(({ username, name, cells: count, colour }) => ({ username, name, cells: count, colour }))
}

/** The cells as the map draws them: who walks them, in whose colour, whether chosen. */
export function drawn(cells: Cell[], workers: Worker[], chosen: ReadonlySet<string>, lit: string): GeoJSON.FeatureCollection {
  const colours = new Map(workers.map((one) => [one.username, one.colour]))
  const features = cells.map((cell): GeoJSON.Feature => {
    const first = cell.workers[0]
    const properties = {
      code: cell.code,
      names: cell.workers.map((one) => one.name).join('、'),
      colour: first ? (colours.get(first.username) ?? NOBODY) : NOBODY,
      empty: !first,
      several: cell.workers.length > 1,
      chosen: chosen.has(cell.code),
      faint: lit !== '' && !cell.workers.some((one) => one.username === lit),
    }
    return { type: 'Feature', geometry: cell.geometry, properties }
  })
  return { type: 'FeatureCollection', features }
}

/** The cells that a filter of the list leaves: words in code, place or worker, one worker's (`-` is nobody's). */
export function sought(cells: Cell[], text: string, worker: string): Cell[] {
  const words = text.trim().toLowerCase()
  return cells.filter((cell) => {
    const told = [cell.code, cell.neighbourhood_name, cell.subdistrict_name, ...cell.workers.flatMap((one) => [one.name, one.username])]
    const fits = !words || told.join(' ').toLowerCase().includes(words)
    if (worker === '-') return fits && !cell.workers.length
    return fits && (!worker || cell.workers.some((one) => one.username === worker))
  })
}

type Box = [west: number, south: number, east: number, north: number]

function boxOfCell(cell: Cell): Box {
  const box: Box = [180, 90, -180, -90]
  const take = (part: unknown): void => {
    if (!Array.isArray(part)) return
    if (typeof part[0] !== 'number') return part.forEach(take)
    const [x, y] = part as [number, number]
    box[0] = Math.min(box[0], x)
    box[1] = Math.min(box[1], y)
    box[2] = Math.max(box[2], x)
    box[3] = Math.max(box[3], y)
  }
  take(cell.geometry.coordinates)
  return box
}
function touch(some: Box[], others: Box[]): boolean {
  return some.some((a) => others.some((b) => a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3]))
}
