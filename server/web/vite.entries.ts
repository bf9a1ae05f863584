import type { Plugin, Rolldown } from 'vite'

type Manifest = { url: string; revision: string | null; size: number }[]

/**
 * The files that one entry needs, all of them: what it loads at once and what it asks for later. A plugin notes them
 * while the bundle is written, `only` keeps them in a service worker's manifest, so that a tablet stores no page of
 * the office.
 */
export function filesOf(entry: string): { plugin: Plugin; only: (all: Manifest) => { manifest: Manifest } } {
  const files = new Set<string>()
  return {
    plugin: {
      name: `files-of-${entry}`,
      apply: 'build',
      writeBundle(_options, bundle) {
        const first = Object.values(bundle).find((part) => part.type === 'chunk' && part.isEntry && part.name === entry)
        if (first) gather(first as Rolldown.OutputChunk, bundle, files)
      },
    },
    only(all) {
      const wanted = all.filter(({ url }) => url.startsWith(`${entry}/`) || files.has(url))
      return { manifest: wanted.map((one) => ({ ...one, url: `/${one.url}` })) }
    },
  }
}

function gather(chunk: Rolldown.OutputChunk, bundle: Rolldown.OutputBundle, files: Set<string>): void {
  if (files.has(chunk.fileName)) return
  files.add(chunk.fileName)
  for (const name of [...(chunk.viteMetadata?.importedCss ?? []), ...(chunk.viteMetadata?.importedAssets ?? [])]) files.add(name)
  // a worker is an asset that the chunk names in its code only
  for (const part of Object.values(bundle)) if (part.type === 'asset' && chunk.code.includes(part.fileName)) files.add(part.fileName)
  for (const name of [...chunk.imports, ...chunk.dynamicImports]) {
    const next = bundle[name]
    if (next?.type === 'chunk') gather(next, bundle, files)
  }
}
