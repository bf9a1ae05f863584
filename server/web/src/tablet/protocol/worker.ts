/** The worker's door: pages ask by message, one answer each. */

import { packed } from './errors'
import { type Hands, OwnHands } from './hands'
import { canvas } from './pictures'
import { browser } from './surroundings'

export interface Question {
  id: number
  act: keyof Hands
  given: unknown[]
}

export type Reply = { id: number; value: unknown } | { id: number; error: Record<string, unknown> }

const hands = new OwnHands(browser(), canvas)

addEventListener('message', ({ data: { id, act, given } }: MessageEvent<Question>) => {
  const act_on = hands[act].bind(hands) as (...given: unknown[]) => Promise<unknown>
  act_on(...given).then(
    (value) => postMessage({ id, value } satisfies Reply),
    (error: unknown) => postMessage({ id, error: packed(error) } satisfies Reply),
  )
})
