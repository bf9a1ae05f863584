import type { ProblemDocument } from './records'

/** Anything that a tablet can meet. */
export class TabletError extends Error {}

/** No answer came for as long as was tried. */
export class LineDown extends TabletError {
  constructor(readonly retryAfterMs: number | null = null) {
    super('no answer from the server')
  }
}

/** The server said no; trying again does not help. */
export class Refused extends TabletError {
  constructor(
    readonly status: number,
    readonly problem: ProblemDocument,
  ) {
    super(`${status} ${problem.type} ${problem.detail ?? ''}`.trim())
  }

  /** The last part of the problem's type, such as `seq-gap`. */
  get kind(): string {
    return this.problem.type.split('/').pop() ?? ''
  }
}

/** The code is of another server than this page. */
export class OtherServer extends TabletError {
  constructor(readonly server: string) {
    super(`the code is of ${server}`)
  }
}

/** What was scanned or typed is no enrolment code. */
export class NoCode extends TabletError {}

/** The file is no picture that this browser or the server knows. */
export class NotAPicture extends TabletError {}

/** The photo is larger than the server takes. */
export class TooLarge extends TabletError {
  constructor(readonly most_bytes: number) {
    super(`a photo may have ${most_bytes} bytes`)
  }
}

/** The browser gives no more room. */
export class QuotaFull extends TabletError {}

/** The store still holds work without a fate. */
export class StillWaiting extends TabletError {
  constructor(readonly items: number) {
    super(`${items} items have no fate yet`)
  }
}

/** A newer program has written the store; this one leaves it alone. */
export class StoreTooNew extends TabletError {}
