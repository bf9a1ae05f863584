import { describe, expect, it } from 'vitest'
import registered from './element.ts?raw'

const views = import.meta.glob<string>('../**/*.vue', { query: '?raw', import: 'default', eager: true })
const WITHOUT_STYLE = new Set(['config-provider'])

describe('the desktop kit', () => {
  it('has the style of every component that a view uses, as only those named are loaded', () => {
    const used = new Set(Object.values(views).flatMap((view) => [...view.matchAll(/(?:<|\b(?=ElMessage))El([A-Z]\w+)/g)].map((found) => kebab(found[1] ?? ''))))
    const missing = [...used].filter((name) => !WITHOUT_STYLE.has(name) && !registered.includes(`/el-${name}.css'`))
    expect(used.size).toBeGreaterThan(10)
    expect(missing).toEqual([])
  })
})

function kebab(name: string): string {
  return name.replace(/(?<=[a-z])[A-Z]/g, (letter) => `-${letter}`).toLowerCase()
}
