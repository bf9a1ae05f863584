import { defineStore } from 'pinia'
import { ref } from 'vue'
import { get, post } from '@/shared/client'

/** How much the reader has not read, shared by the bell and the page of notices. */
export const useUnread = defineStore('unread', () => {
  const unread = ref(0)

  /** Ask the server; what it cannot answer now it will at the next turn. */
  async function count() {
    const told = await get<{ unread: number }>('/api/v1/notifications/unread').catch(() => null)
    if (told) unread.value = told.unread
  }
  /** Mark these as read. Raises Problem. */
  async function read(ids: string[]) {
    unread.value = (await post<{ unread: number }>('/api/v1/notifications/read', { ids })).unread
  }
  /** Mark this one and everything before it as read. Raises Problem. */
  async function readUntil(until: string) {
    unread.value = (await post<{ unread: number }>('/api/v1/notifications/read', { until })).unread
  }
  return { unread, count, read, readUntil }
})
