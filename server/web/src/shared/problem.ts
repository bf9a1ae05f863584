import { inLanguage } from './language'

/** One fault of a request: where it is (JSON pointer) and how to mend it. */
export interface Fault {
  pointer: string
  detail?: string
  detail_zh?: string
}

/** RFC 9457, as every error of the server is told. Extra members (a case, a limit) ride along. */
export interface ProblemDocument {
  type: string
  title: string
  status: number
  detail?: string
  detail_zh?: string
  errors?: Fault[]
  [extra: string]: unknown
}

/** An answer that was not a success, or no answer at all (`status` 0). */
export class Problem extends Error {
  constructor(readonly document: ProblemDocument) {
    super(document.detail ?? document.title)
  }

  get status(): number {
    return this.document.status
  }

  /** The last part of the type: `state-forbids`, `not-yours`, `unreachable`. */
  get kind(): string {
    return this.document.type.split('/').pop() ?? ''
  }

  text(language: string): string {
    return inLanguage(language, this.document.detail_zh, this.document.detail) || this.document.title
  }

  faults(language: string): { pointer: string; text: string }[] {
    return (this.document.errors ?? []).map((fault) => ({
      pointer: fault.pointer,
      text: inLanguage(language, fault.detail_zh, fault.detail),
    }))
  }
}

/** The problem that a failed answer tells; one of our own words when it is no problem+json. */
export async function problemOf(response: Response): Promise<Problem> {
  const type = response.headers.get('Content-Type') ?? ''
  if (type.includes('json')) {
    const body: unknown = await response.json().catch(() => null)
    if (isProblem(body)) return new Problem({ ...body, status: body.status ?? response.status })
  }
  return new Problem({
    type: 'about:blank',
    title: `HTTP ${response.status}`,
    status: response.status,
    detail: `The server answered ${response.status} ${response.statusText}.`.replace(' .', '.'),
    detail_zh: `服务器返回 ${response.status}。`,
  })
}

/** No answer came: the line or the server is down. */
export function unreachable(): Problem {
  return new Problem({
    type: '/problems/unreachable',
    title: 'Unreachable',
    status: 0,
    detail: 'The server cannot be reached. Check the network, then try again.',
    detail_zh: '无法连接服务器。请检查网络后重试。',
  })
}

/** Anything thrown, as a problem that can be shown. */
export function asProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown
  const detail = thrown instanceof Error ? thrown.message : String(thrown)
  return new Problem({ type: 'about:blank', title: 'Error', status: 0, detail, detail_zh: detail })
}

function isProblem(body: unknown): body is ProblemDocument {
  return typeof body === 'object' && body !== null && 'type' in body && 'title' in body
}
