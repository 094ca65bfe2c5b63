import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

/** Leaves a .gz beside every compressible file: the server sends it as it is. */
function precompress(): Plugin {
  return {
    name: 'precompress',
    apply: 'build',
    enforce: 'post',
    closeBundle() {
      const walk = (dir: string) => {
        for (const name of readdirSync(dir)) {
          const path = `${dir}/${name}`
          if (statSync(path).isDirectory()) walk(path)
          else if (/\.(js|css|html|svg|json|webmanifest|txt)$/.test(name)) writeFileSync(`${path}.gz`, gzipSync(readFileSync(path), { level: 9 }))
        }
      }
      walk('dist')
      writeFileSync('dist/.keep', '')
    },
  }
}

/** Writes m/sw.js with exactly the files that the phone's pages are made of, so that nothing of the desk is kept on a phone. */
function phoneWorker(): Plugin {
  return {
    name: 'phone-worker',
    apply: 'build',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const want = new Set<string>()
      const walk = (file: string) => {
        const c = bundle[file]
        if (!c || c.type !== 'chunk' || want.has(file)) return
        want.add(file)
        const meta = (c as unknown as { viteMetadata?: { importedCss: Set<string>; importedAssets: Set<string> } }).viteMetadata
        for (const f of [...(meta?.importedCss ?? []), ...(meta?.importedAssets ?? [])]) want.add(f)
        for (const f of [...c.imports, ...c.dynamicImports]) walk(f)
      }
      for (const [f, c] of Object.entries(bundle)) if (c.type === 'chunk' && c.facadeModuleId?.endsWith('/m.html')) walk(f)
      if (want.size === 0) this.error('the pages of the phone are not in the build')
      const files = ['/m/', '/m/manifest.webmanifest', '/icon.svg', ...[...want].sort().map(f => `/${f}`)]
      const version = createHash('sha256').update(files.join()).digest('hex').slice(0, 12)
      const source = readFileSync('src/m/sw.js', 'utf8').replace('__VERSION__', version).replace("'__FILES__'", JSON.stringify(files))
      this.emitFile({ type: 'asset', fileName: 'm/sw.js', source })
    },
  }
}

const backend = process.env.SIFEN_BACKEND ?? 'http://127.0.0.1:8765'

export default defineConfig({
  plugins: [react(), phoneWorker(), precompress()],
  server: { proxy: { '/api': backend, '/openapi.json': backend } },
  build: {
    target: ['chrome90', 'safari15'],
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    assetsInlineLimit: 0,
    manifest: true,
    rolldownOptions: { input: { index: 'index.html', m: 'm.html' } },
    chunkSizeWarningLimit: 900,
  },
  // @ts-expect-error the test runner reads this key
  test: { environment: 'jsdom', include: ['src/**/*.test.{ts,tsx}'], setupFiles: ['src/test-setup.ts'], css: false },
})
