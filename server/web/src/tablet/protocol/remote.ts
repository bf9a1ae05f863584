import { unpacked } from './errors'
import type { Hands } from './hands'
import type { Question, Reply } from './worker'

type Waiting = { resolve: (value: never) => void; reject: (error: Error) => void }

/** The same hands, in a worker of their own. */
export class RemoteHands implements Hands {
  readonly #worker: Worker
  readonly #waiting = new Map<number, Waiting>()
  #asked = 0

  constructor() {
    this.#worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'wangge-tablet' })
    this.#worker.addEventListener('message', ({ data }: MessageEvent<Reply>) => this.#hear(data))
    this.#worker.addEventListener('error', (event) => this.#fall(event.message))
  }

  run: Hands['run'] = (...given) => this.#ask('run', given)
  addPhoto: Hands['addPhoto'] = (...given) => this.#ask('addPhoto', given)
  export: Hands['export'] = (...given) => this.#ask('export', given)
  close: Hands['close'] = (...given) => this.#ask('close', given)

  #ask<T>(act: keyof Hands, given: unknown[]): Promise<T> {
    return new Promise((resolve, reject) => {
      const id = ++this.#asked
      this.#waiting.set(id, { resolve, reject })
      this.#worker.postMessage({ id, act, given } satisfies Question)
    })
  }

  #hear(reply: Reply): void {
    const waiting = this.#waiting.get(reply.id)
    this.#waiting.delete(reply.id)
    if ('error' in reply) waiting?.reject(unpacked(reply.error))
    else waiting?.resolve(reply.value as never)
  }

  /** The worker could not be loaded, or fell: nobody waits for ever. */
  #fall(message: string): void {
    for (const { reject } of this.#waiting.values()) reject(new Error(message || 'the worker fell'))
    this.#waiting.clear()
  }
}
