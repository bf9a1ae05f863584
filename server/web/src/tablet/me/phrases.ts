import { shallowRef } from 'vue'
import { recall, remember } from '@/shared/storage'

const NAME = 'tablet.phrases'
const LONGEST = 60
const MOST = 40
const FIRST = ['已当场劝阻', '已通知物业', '已拍照取证', '当事人不在场', '需多部门联合处理', '已张贴提醒']

const phrases = shallowRef<string[]>(read())

function read(): string[] {
  try {
    const found: unknown = JSON.parse(recall(NAME) ?? 'null')
    return Array.isArray(found) ? found.filter((one): one is string => typeof one === 'string') : FIRST
  } catch {
    return FIRST
  }
}

/** The phrases that this tablet keeps at hand (常用语); doubles and blanks are left out. */
export function usePhrases() {
  function keep(next: readonly string[]) {
    const tidy = next.map((one) => one.trim().slice(0, LONGEST)).filter(Boolean)
    phrases.value = [...new Set(tidy)].slice(0, MOST)
    remember(NAME, JSON.stringify(phrases.value))
  }
  return { phrases, keep, add: (one: string) => keep([one, ...phrases.value]), remove: (one: string) => keep(phrases.value.filter((other) => other !== one)) }
}
