const PREFIX = 'wangge.'

/** What this browser remembers under a name; null when nothing, or when storage is shut. */
export function recall(name: string): string | null {
  try {
    return localStorage.getItem(PREFIX + name)
  } catch {
    return null
  }
}

/** Keep a text in this browser, or forget it when it is null. A browser that refuses storage still works. */
export function remember(name: string, text: string | null): void {
  try {
    if (text === null) localStorage.removeItem(PREFIX + name)
    else localStorage.setItem(PREFIX + name, text)
  } catch {
    // private windows may refuse: the choice then lasts until the page is closed
  }
}
