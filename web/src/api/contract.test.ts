import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')
const files = (dir: string): string[] => readdirSync(dir).flatMap(n => { const p = join(dir, n); return statSync(p).isDirectory() ? files(p) : /\.tsx?$/.test(n) && !/\.test\./.test(n) ? [p] : [] })
const spec = JSON.parse(readFileSync(join(root, '../../docs/openapi.json'), 'utf8')) as { paths: Record<string, Record<string, unknown>> }
const shape = (p: string) => p.replace(/\$?\{[^}]*\}+/g, '*').replace(/\?.*$/, '')
const known = new Set(Object.entries(spec.paths).flatMap(([p, ops]) => Object.keys(ops).map(m => `${m.toUpperCase()} ${shape(p.replace('/api/v1', ''))}`)))

test('every operation the pages call is one the server has', () => {
  const missing: string[] = []
  let calls = 0
  for (const f of files(root)) {
    const text = readFileSync(f, 'utf8')
    for (const m of text.matchAll(/\bget<[^(]*\(\s*['`](\/[^'`]*)['`]/g)) { calls++; if (!known.has(`GET ${shape(m[1]!)}`)) missing.push(`${f}: GET ${m[1]}`) }
    for (const m of text.matchAll(/\bsend(?:<[^(]*)?\(\s*'(POST|PUT|DELETE)',\s*['`](\/[^'`]*)['`]/g)) { calls++; const path = shape(m[2]!); if (![...known].some(k => k === `${m[1]} ${path}` || k.startsWith(`${m[1]} `) && path.endsWith('/*') && k.startsWith(`${m[1]} ${path.slice(0, -1)}`))) missing.push(`${f}: ${m[1]} ${m[2]}`) }
  }
  expect(missing).toEqual([])
  expect(calls).toBeGreaterThan(25)
})
