import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { VitePWA } from 'vite-plugin-pwa'
import { defineConfig } from 'vitest/config'
import { filesOf } from './vite.entries.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const server = process.env.WANGGE_URL ?? 'http://127.0.0.1:8000'

// Every HTML page listed here is one entry.
const pages = { office: here('./index.html'), tablet: here('./tablet/index.html') }
const tablet = filesOf('tablet')

export default defineConfig({
  plugins: [
    vue(),
    tablet.plugin,
    VitePWA({
      filename: 'tablet/sw.js',
      scope: '/tablet/',
      manifest: false, // public/tablet/manifest.webmanifest: the office's page must not carry it
      injectRegister: false,
      registerType: 'prompt',
      workbox: {
        globPatterns: ['tablet/**/*.{html,svg,png,webmanifest}', 'assets/**/*'],
        manifestTransforms: [tablet.only],
        dontCacheBustURLsMatching: /^assets\//,
        maximumFileSizeToCacheInBytes: 4_000_000,
        navigateFallback: '/tablet/index.html',
        navigateFallbackAllowlist: [/^\/tablet(\/|$)/],
        cleanupOutdatedCaches: true,
        clientsClaim: true,
        inlineWorkboxRuntime: true,
        sourcemap: false,
      },
    }),
  ],
  resolve: { alias: { '@': here('./src') } },
  worker: { format: 'es' },
  define: {
    __VUE_OPTIONS_API__: true, // Element Plus and vue-i18n mix it in
    __VUE_PROD_DEVTOOLS__: false,
    __VUE_I18N_FULL_INSTALL__: true,
    __VUE_I18N_LEGACY_API__: false,
    __INTLIFY_PROD_DEVTOOLS__: false,
    __INTLIFY_JIT_COMPILATION__: true, // messages without `new Function`, which our CSP forbids
  },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0, // data: URLs are not in the CSP
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1400, // MapLibre, in a chunk of its own that only maps ask for
    rolldownOptions: { input: pages },
  },
  server: { proxy: { '/api': server, '/sync': server } },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
})
