/** Both languages of one feature. English must have exactly the keys of Chinese: the compiler checks it. */
export interface Words<T> {
  'zh-CN': T
  en: T
}

/** Pair the Chinese words of a feature with the English ones. */
export function words<T extends object>(zh: T, en: NoInfer<Shape<T>>): Words<T> {
  return { 'zh-CN': zh, en: en as T }
}

type Shape<T> = { [K in keyof T]: T[K] extends string ? string : Shape<T[K]> }
