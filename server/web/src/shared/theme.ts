import { computed, ref, watchEffect } from 'vue'
import { recall, remember } from './storage'

export type Theme = 'system' | 'light' | 'dark'

const system = window.matchMedia('(prefers-color-scheme: dark)')
const systemDark = ref(system.matches)
const chosen = ref<Theme>((recall('theme') as Theme | null) ?? 'system')
const dark = computed(() => (chosen.value === 'system' ? systemDark.value : chosen.value === 'dark'))

system.addEventListener('change', (event) => (systemDark.value = event.matches))
watchEffect(() => document.documentElement.classList.toggle('dark', dark.value))

/** Light, dark, or as the system says; `dark` is what holds now. */
export function useTheme() {
  function choose(theme: Theme) {
    chosen.value = theme
    remember('theme', theme === 'system' ? null : theme)
  }
  return { chosen, dark, choose }
}
