import type { Page } from '@playwright/test'
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { zh } from '../web/src/shared/i18n/zh'

// What is demanded of every page: WCAG A and AA, and no Chinese in English that is no datum.
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/** Every Chinese word of the dictionary: none may stand in an English page. */
export const words = new Set<string>()
const collect = (x: unknown): void => {
  if (typeof x === 'string') {
    if (/[\u3400-\u9fff]{2}/.test(x) && x !== zh.app.name) words.add(x)
  } else if (x && typeof x === 'object') Object.values(x).forEach(collect)
}
collect(zh)
// The words of capabilities, in their folders, and of the phone.
const src = join(import.meta.dirname, '..', 'web', 'src')
for (const file of readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(f => f.endsWith('texts.zh.ts')))
  for (const m of readFileSync(join(src, file), 'utf8').matchAll(/: '([^']+)'/g)) collect(m[1])

/** Chinese in an English page that is no datum: a word of the dictionary or of a kind anywhere, any Chinese in what only the product writes. */
export const chinese = (page: Page, known: string[]) =>
  page.evaluate(known => {
    const cjk = /[\u3400-\u9fff]/
    const set = new Set(known)
    const bad: string[] = []
    const own = 'nav a, [role=tab], label, legend, th, dt, form[role=search], footer button, header button'
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let n = walk.nextNode(); n; n = walk.nextNode()) {
      const text = n.textContent!.trim()
      const el = n.parentElement!
      if (!cjk.test(text) || el.closest('script, style, [lang]:not(html)')) continue
      if (set.has(text) || (el.closest(own) && !el.closest('[aria-haspopup], [data-datum]'))) bad.push(`${el.tagName.toLowerCase()}.${el.className} ${text.slice(0, 60)}`)
    }
    for (const el of document.querySelectorAll('[placeholder], [aria-label], [title]'))
      for (const a of ['placeholder', 'aria-label', 'title']) {
        const t = el.getAttribute(a)
        if (t && set.has(t)) bad.push(`${a}: ${t}`)
      }
    return [...new Set(bad)]
  }, known)

type Axe = { run: (c: Document, o: object) => Promise<{ violations: { id: string; nodes: { target: string[]; failureSummary: string }[] }[] }> }
const passed = new Set<string>()
/** Violations of WCAG A and AA. A page made of parts that were all looked at already in this arrangement is not looked at again. */
export async function violations(page: Page, width: number): Promise<string[]> {
  const parts = await page.evaluate(() => {
    const of = (e: Element) => `${e.tagName}.${e.getAttribute('class') ?? ''}${e.getAttribute('role') ?? ''}${e.getAttribute('aria-current') ?? ''}${e.hasAttribute('disabled')}`
    return [...document.querySelectorAll('body *')].map(e => `${of(e.parentElement!)}>${of(e)}`)
  })
  const fresh = [...new Set(parts)].map(x => `${width} ${x}`)
  if (fresh.every(x => passed.has(x))) return []
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe)
  const found = await page.evaluate(async t => {
    const res = await (window as unknown as { axe: Axe }).axe.run(document, { runOnly: { type: 'tag', values: t }, resultTypes: ['violations'], elementRef: false })
    return res.violations.map(v => `axe ${v.id} ×${v.nodes.length} ${v.nodes[0]!.target.join(' ')} ${v.nodes[0]!.failureSummary.split('\n')[1] ?? ''}`)
  }, tags)
  if (!found.length) fresh.forEach(x => passed.add(x))
  return found
}
