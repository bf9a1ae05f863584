/** What a file of points can be told to hold, by the column of the file. */
export const COLUMNS = ['lon', 'lat', 'time', 'category'] as const
export type Column = (typeof COLUMNS)[number]

const PEEK_BYTES = 256 * 1024
const KNOWN: Record<Column, RegExp> = {
  lon: /^(lon|lng|long|longitude|x|经度)$/i,
  lat: /^(lat|latitude|y|纬度)$/i,
  time: /^(time|date|opened|open_dt|opened_at|reported_at|created_at|时间|日期|上报时间)$/i,
  category: /^(category|type|reason|subject|类别|类型|问题类别)$/i,
}

export interface Peek {
  titles: string[]
  /** The first row or feature, by title. */
  first: Record<string, string>
  /** Whether every feature brings its own place, so that no column need say it. */
  placed: boolean
}

/** What the beginning of a file tells of its columns; null where only the server can read it (GeoPackage, Excel). */
export async function peekInto(file: Blob & { name?: string }): Promise<Peek | null> {
  try {
    const text = await beginning(file)
    if (text === null) return null
    return text.trimStart().startsWith('{') ? fromGeojson(text) : fromCsv(text)
  } catch {
    return null
  }
}

/** The columns that go without saying, by what they are for. */
export function guessed(titles: readonly string[]): Partial<Record<Column, string>> {
  return Object.fromEntries(
    COLUMNS.flatMap((name) => {
      const title = titles.find((one) => KNOWN[name].test(one.trim()))
      return title ? [[name, title]] : []
    }),
  )
}

/** A mapping as the server reads it: `lon=经度,lat=纬度`. */
export function mappingOf(chosen: Partial<Record<Column, string>>): string {
  return COLUMNS.flatMap((name) => (chosen[name] ? [`${name}=${chosen[name]}`] : [])).join(',')
}

/**
 * A plane in metres for a place on earth: in China the national 3-degree zone, elsewhere UTM. Null for what is no
 * place.
 */
export function planeOf(lon: number, lat: number): number | null {
  if (!(Math.abs(lon) <= 180 && Math.abs(lat) <= 84)) return null
  if (lon >= 73.5 && lon < 136.5 && lat > 15 && lat < 55) return 4534 + Math.round(lon / 3) - 25
  return (lat >= 0 ? 32600 : 32700) + Math.min(60, Math.floor((lon + 180) / 6) + 1)
}

async function beginning(file: Blob): Promise<string | null> {
  const head = new Uint8Array(await file.slice(0, 4).arrayBuffer())
  const packed = head[0] === 0x1f && head[1] === 0x8b
  if ((head[0] === 0x50 && head[1] === 0x4b) || (head[0] === 0x53 && head[1] === 0x51)) return null
  const bytes = packed ? await unpacked(file) : new Uint8Array(await file.slice(0, PEEK_BYTES).arrayBuffer())
  return decoded(bytes)
}

async function unpacked(file: Blob): Promise<Uint8Array> {
  const reader = file.stream().pipeThrough(new DecompressionStream('gzip')).getReader()
  const parts: Uint8Array[] = []
  let length = 0
  while (length < PEEK_BYTES) {
    const { done, value } = await reader.read()
    if (done) break
    parts.push(value)
    length += value.length
  }
  void reader.cancel().catch(() => {})
  return new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer())
}

function decoded(bytes: Uint8Array): string {
  // The last letter of a beginning may be cut in the middle.
  const sure = bytes.length < PEEK_BYTES ? bytes : bytes.subarray(0, bytes.length - 4)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(sure, { stream: true })
  } catch {
    return new TextDecoder('gb18030').decode(sure)
  }
}

function fromCsv(text: string): Peek {
  const [heading = [], row = []] = rowsOf(text, 2)
  const titles = heading.map((title) => title.trim()).filter(Boolean)
  return { titles, first: Object.fromEntries(heading.map((title, at) => [title.trim(), row[at] ?? ''])), placed: false }
}

/** The first rows of a CSV, quoted cells with commas and line breaks included. */
export function rowsOf(text: string, most: number): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  let cell = ''
  let quoted = false
  for (let at = 0; at < text.length && rows.length < most; at++) {
    const letter = text[at]
    if (quoted) {
      if (letter === '"' && text[at + 1] === '"') cell += text[++at]
      else if (letter === '"') quoted = false
      else cell += letter
    } else if (letter === '"') quoted = true
    else if (letter === ',' || letter === '\n') {
      row.push(cell.replace(/\r$/, ''))
      cell = ''
      if (letter === '\n') {
        rows.push(row)
        row = []
      }
    } else cell += letter
  }
  if (rows.length < most && (cell || row.length)) rows.push([...row, cell])
  return rows
}

function fromGeojson(text: string): Peek {
  const found = /"properties"\s*:\s*(\{[^{}]*\})/.exec(text)
  const first = found ? (JSON.parse(found[1]!) as Record<string, unknown>) : {}
  const told = Object.fromEntries(Object.entries(first).map(([name, value]) => [name, value === null ? '' : String(value)]))
  const at = /"coordinates"\s*:\s*[[\s]*(-?[\d.]+)\s*,\s*(-?[\d.]+)/.exec(text)
  return { titles: Object.keys(first), first: at ? { ...told, lon: at[1]!, lat: at[2]! } : told, placed: true }
}
