import { defineStore } from 'pinia'
import { ref } from 'vue'
import { actFor, get, hasTokens, holdTokens, post, type Tokens } from '@/shared/client'
import type { Me } from '@/shared/types'

interface Absent {
  id: string
  name: string
}

/** Who is signed in here. `user` stays null until the server has said who we are. */
export const useSession = defineStore('session', () => {
  const user = ref<Me | null>(null)
  const standsFor = ref<Absent | null>(null)
  const visit = ref(0) // rises with every sign-in, so that pages kept from the last one are dropped

  /** Raises Problem when name and password do not fit, or too many tries were made. */
  async function signIn(username: string, password: string) {
    holdTokens(await post<Tokens>('/api/v1/auth/login', { username, password }))
    user.value = await get<Me>('/api/v1/me')
    visit.value += 1
  }
  /** Take up the sign-in this browser remembers; true when it still holds. Raises Problem when nobody answers. */
  async function resume(): Promise<boolean> {
    if (user.value) return true
    if (!hasTokens()) return false
    user.value = await get<Me>('/api/v1/me')
    return true
  }
  /** Take the place of an absent colleague, or one's own again (null), with the rights that go with it. Raises Problem. */
  async function standIn(absent: Absent | null) {
    const before = standsFor.value
    actFor(absent?.id ?? null)
    try {
      user.value = await get<Me>('/api/v1/me')
    } catch (thrown) {
      actFor(before?.id ?? null)
      throw thrown
    }
    standsFor.value = absent
    visit.value += 1
  }
  function signOut() {
    holdTokens(null)
    actFor(null)
    standsFor.value = null
    user.value = null
  }
  /** Whether the one signed in may do an action (`cases.list`, `case.file`). */
  const may = (action: string) => user.value !== null && action in user.value.rights
  return { user, standsFor, visit, may, signIn, resume, standIn, signOut }
})
