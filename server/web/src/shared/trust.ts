import { ref, type Ref } from 'vue'

/** The page on which a tablet learns to trust the server. */
export const TRUST_PAGE = '/trust'

/**
 * The fingerprint of the authority that this server made for itself; null where there is none to trust, as over http
 * or behind a proxy with a real certificate, and until it is known.
 */
export function useAuthority(): Ref<string | null> {
  const fingerprint = ref<string | null>(null)
  if (window.location.protocol === 'https:') void ask().then((found) => (fingerprint.value = found))
  return fingerprint
}

async function ask(): Promise<string | null> {
  try {
    const answer = await fetch(`${TRUST_PAGE}/authority.json`)
    return answer.ok ? (((await answer.json()) as { fingerprint: string | null }).fingerprint ?? null) : null
  } catch {
    return null // no line to the server: nothing could be fetched from its page either
  }
}
