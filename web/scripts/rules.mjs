// What the linter cannot say: who may import whom, how long a file may be, and that a class is named in words.
import { readFileSync, readdirSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'

const LINES = 500
const entries = ['desk', 'm']

/** Why a file may not import another, or an empty string. Both are paths below src. */
export function forbidden(from, to) {
  const [entry, folder] = from.split('/')
  const [there, target] = to.split('/')
  if (!entries.includes(entry)) {
    if (entries.includes(there)) return `${entry} imports nothing from an entry`
    return entry === 'api' && !['api', 'shared'].includes(there) ? 'api imports only shared' : ''
  }
  if (!entries.includes(there)) return ''
  if (there !== entry) return 'an entry imports nothing from another'
  if (entry === 'm') return ''
  if (from === `${entry}/manifests.ts`) return /\/manifest(\.ts)?$/.test(to) ? '' : 'the list of manifests imports manifests alone'
  if (folder === 'shell' || !from.slice(entry.length + 1).includes('/')) return isCapability(target, to) ? 'the shell knows no capability' : ''
  if (folder === 'ui' || folder === 'theme') return ['ui', 'theme'].includes(target) ? '' : 'ui imports no capability and no shell'
  return target === folder || target === 'ui' ? '' : 'a capability imports only ui, shared, api and its own'
}
const isCapability = (folder, to) => to.includes('/', to.indexOf('/') + 1) && !['ui', 'theme', 'shell'].includes(folder)

/** A class is a word or words joined by hyphens; what is shorter stands in this list, which only shrinks. */
const SHORT = new Set(JSON.parse(readFileSync('scripts/classes.json', 'utf8')))
const LITTLE = new Set(['on', 'no', 'ok', 'in', 'of', 'or', 'at', 'to', 'go', 'is', 'up'])
const isWord = part => /^[a-z]{3,}$/.test(part) || /^\d+$/.test(part) || LITTLE.has(part)
export const badClass = name => !name.startsWith('ol-') && !SHORT.has(name) && !(name.split('-').every(isWord) && /^[a-z]/.test(name))

const files = dir => readdirSync(dir).flatMap(n => (statSync(join(dir, n)).isDirectory() ? files(join(dir, n)) : [join(dir, n)]))

function check(src) {
  const faults = []
  const used = new Set()
  for (const path of files(src)) {
    const name = relative(src, path)
    if (name === 'api/schema.d.ts' || !/\.(tsx?|css)$/.test(name)) continue
    const text = readFileSync(path, 'utf8')
    const lines = text.split('\n').length
    if (lines > LINES) faults.push(`${name}: ${lines} lines, at most ${LINES}`)
    if (name.endsWith('.css')) {
      for (const m of text.replace(/\/\*[\s\S]*?\*\/|url\([^)]*\)|"[^"]*"/g, '').matchAll(/\.(-?[A-Za-z_][\w-]*)/g)) {
        used.add(m[1])
        if (badClass(m[1])) faults.push(`${name}: class ${m[1]} is no word`)
      }
      continue
    }
    if (/\.test\.tsx?$/.test(name)) continue
    for (const m of text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']*)'/g)) {
      const to = relative(src, join(dirname(path), m[1]))
      const why = forbidden(name, to)
      if (why) faults.push(`${name} imports ${to}: ${why}`)
    }
  }
  for (const c of SHORT) if (!used.has(c)) faults.push(`classes.json: nobody uses ${c} any more`)
  return [...new Set(faults)]
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const faults = check('src')
  for (const f of faults) console.error(f)
  if (faults.length) process.exit(1)
  console.log('rules   imports, sizes and class names hold')
}
