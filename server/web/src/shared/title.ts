import { onScopeDispose, shallowRef, watchEffect } from 'vue'

/** What the open page says of its record; its name in the rail stands in the title while it says nothing. */
export const recordTitle = shallowRef('')
let owner: symbol | null = null

/** Let the window's title name the record that is open, so that tabs and the history are told apart. */
export function useTitle(say: () => string | null | undefined) {
  const mine = Symbol('title')
  watchEffect(() => {
    owner = mine
    recordTitle.value = say() ?? ''
  })
  onScopeDispose(() => {
    // The next page may have said its own before this one went.
    if (owner === mine) recordTitle.value = ''
  })
}
