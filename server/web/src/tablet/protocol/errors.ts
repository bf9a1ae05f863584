import type { ProblemDocument } from './records'

/** Anything that a tablet can meet; `name` says which, also after a build has shortened the classes' names. */
export class TabletError extends Error {
  constructor(name: string, message: string) {
    super(message)
    this.name = name
  }
}

/** No answer came for as long as was tried. */
export class LineDown extends TabletError {
  constructor(readonly retryAfterMs: number | null = null) {
    super('LineDown', 'no answer from the server')
  }
}

/** The server said no; trying again does not help. */
export class Refused extends TabletError {
  constructor(
    readonly status: number,
    readonly problem: ProblemDocument,
  ) {
    super('Refused', `${status} ${problem.type} ${problem.detail ?? ''}`.trim())
  }

  /** The last part of the problem's type, such as `seq-gap`. */
  get kind(): string {
    return this.problem.type.split('/').pop() ?? ''
  }
}

/** The code is of another server than this page. */
export class OtherServer extends TabletError {
  constructor(readonly server: string) {
    super('OtherServer', `the code is of ${server}`)
  }
}

/** What was scanned or typed is no enrolment code. */
export class NoCode extends TabletError {
  constructor(message: string) {
    super('NoCode', message)
  }
}

/** The file is no picture that this browser or the server knows. */
export class NotAPicture extends TabletError {
  constructor(message: string) {
    super('NotAPicture', message)
  }
}

/** The file begins as a picture, but a piece is missing, or what follows cannot be read. */
export class Damaged extends TabletError {
  constructor(message: string) {
    super('Damaged', message)
  }
}

/** The photo is larger than the server takes. */
export class TooLarge extends TabletError {
  constructor(readonly most_bytes: number) {
    super('TooLarge', `a photo may have ${most_bytes} bytes`)
  }
}

/** The browser gives no more room. */
export class QuotaFull extends TabletError {
  constructor(message: string) {
    super('QuotaFull', message)
  }
}

/** The store still holds work without a fate. */
export class StillWaiting extends TabletError {
  constructor(readonly items: number) {
    super('StillWaiting', `${items} items have no fate yet`)
  }
}

/** A newer program has written the store; this one leaves it alone. */
export class StoreTooNew extends TabletError {
  constructor(message: string) {
    super('StoreTooNew', message)
  }
}

const ALL = { LineDown, Refused, OtherServer, NoCode, NotAPicture, Damaged, TooLarge, QuotaFull, StillWaiting, StoreTooNew }

/** An error as a message can carry it from a worker to a page. */
export function packed(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) }
  return { ...error, name: error.name, message: error.message }
}

/** The error that `packed` packed. */
export function unpacked({ name, message, ...rest }: Record<string, unknown>): Error {
  const error = new Error(String(message))
  const kind = Object.entries(ALL).find(([known]) => known === name)?.[1]
  if (kind) Object.setPrototypeOf(error, kind.prototype)
  return Object.assign(error, { name }, rest)
}
