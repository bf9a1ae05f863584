import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { get, hasTokens, holdTokens, post, type Tokens } from '@/shared/client'
import type { User } from '@/shared/types'

/** Who is signed in here. `user` stays null until the server has said who we are. */
export const useSession = defineStore('session', () => {
  const user = ref<User | null>(null)

  /** Raises Problem when name and password do not fit, or too many tries were made. */
  async function signIn(username: string, password: string) {
    holdTokens(await post<Tokens>('/api/v1/auth/login', { username, password }))
    user.value = await get<User>('/api/v1/me')
  }
  /** Take up the sign-in this browser remembers; true when it still holds. Raises Problem when nobody answers. */
  async function resume(): Promise<boolean> {
    if (user.value) return true
    if (!hasTokens()) return false
    user.value = await get<User>('/api/v1/me')
    return true
  }
  function signOut() {
    holdTokens(null)
    user.value = null
  }
  return { user, signedIn: computed(() => user.value !== null), signIn, resume, signOut }
})
