// Fails the build when a page's first load outgrows its budget: the sum of .gz sizes of everything a page needs before it shows.
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'

const budgets = {
  'index.html': 320,
  'src/desk/document/SummaryPage.tsx': 320,
  'src/desk/ledger/LedgerPage.tsx': 320,
  'src/desk/ledger/EntryFormPage.tsx': 320,
}
const manifest = JSON.parse(readFileSync('dist/.vite/manifest.json', 'utf8'))

function needs(key, seen = new Set()) {
  const chunk = manifest[key]
  if (!chunk || seen.has(chunk.file)) return seen
  seen.add(chunk.file)
  for (const css of chunk.css ?? []) seen.add(css)
  for (const dep of chunk.imports ?? []) needs(dep, seen)
  return seen
}

let failed = false
const sizes = {} // KiB by page, for the benchmarks
for (const [key, limit] of Object.entries(budgets)) {
  if (!manifest[key]) {
    console.error(`budget: ${key} is not in the build`)
    failed = true
    continue
  }
  const files = needs('index.html')
  needs(key, files)
  const kib = [...files].reduce((sum, file) => sum + statSync(`dist/${file}.gz`).size, statSync('dist/index.html.gz').size) / 1024
  sizes[key] = Number(kib.toFixed(1))
  const over = kib > limit
  failed ||= over
  console.log(`${over ? 'OVER ' : 'ok   '} ${kib.toFixed(1).padStart(6)} / ${limit} KiB  ${key}`)
}
// The phone's pages stand alone: nothing of the desk comes with them.
{
  const limit = 130
  const files = needs('m.html')
  const kib = [...files].reduce((sum, file) => sum + statSync(`dist/${file}.gz`).size, statSync('dist/m.html.gz').size) / 1024
  sizes['m.html'] = Number(kib.toFixed(1))
  const over = kib > limit || !manifest['m.html']
  failed ||= over
  console.log(`${over ? 'OVER ' : 'ok   '} ${kib.toFixed(1).padStart(6)} / ${limit} KiB  m.html`)
}
writeFileSync('dist/budget.json', JSON.stringify(sizes))
rmSync('dist/.vite', { recursive: true })
if (failed) process.exit(1)
