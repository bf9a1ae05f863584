import { shallowRef } from 'vue'
import { tablets, type Tablet } from '../protocol'

const here = tablets()
const tablet = shallowRef<Tablet | null>(null)
let resumed: Promise<Tablet | null> | null = null

/** Open the store of who worked on this tablet last, once; null while nobody is enrolled. */
export function resume(): Promise<Tablet | null> {
  resumed ??= here.resume().then((found) => (tablet.value = found))
  return resumed
}

/** Work with this store from now on. */
export function hold(next: Tablet | null): void {
  tablet.value = next
  resumed = Promise.resolve(next)
}

/** Who works here and his store; null before anybody is enrolled. */
export function useSession() {
  return { tablet, tablets: here }
}

/** The open store. The router lets nobody reach a page that needs it without one. */
export function useTablet(): Tablet {
  if (!tablet.value) throw new Error('no tablet is open')
  return tablet.value
}
