import { defineStore } from 'pinia'
import { ref } from 'vue'
import { get, hasTokens, holdTokens, post, type Tokens } from '@/shared/client'
import type { Me } from '@/shared/types'

/** Who is signed in here. `user` stays null until the server has said who we are. */
export const useSession = defineStore('session', () => {
  const user = ref<Me | null>(null)
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
  function signOut() {
    holdTokens(null)
    user.value = null
  }
  /** Whether the one signed in may do an action (`cases.list`, `case.file`). */
  const may = (action: string) => user.value !== null && action in user.value.rights
  return { user, visit, may, signIn, resume, signOut }
})
