import type { Checklist, Item, Note, Page, Phrase, Read, Section } from './types'

/** What is being edited: the checklist, the version it was made from, and what an uploaded form left to be looked at. */
export type Draft = {
  key: string
  rev: number
  checklist: Checklist
  file?: { name: string; sheet: string; own: boolean; asked: (Note & { seen: boolean })[]; left: Note[]; columns: Read['columns'] }
}

const letters = 'abcdefghijkmnpqrstuvwxyz23456789'
/** A key that no item had: what was asked before under a key stays that. */
export const freshKey = (prefix: string) => prefix + [...crypto.getRandomValues(new Uint8Array(6))].map(b => letters[b % letters.length]).join('')

export const blankItem = (): Item => ({ key: freshKey('i'), ask: { zh: '', en: '' }, answer: '', of: 0, fails: '', when: '', passing: false, severity: '', instrument: '', how: '' })
export const blankSection = (): Section => ({ key: freshKey('s'), title: { zh: '', en: '' }, points: 0, when: '', items: [blankItem()] })
export const blank = (): Draft => ({
  key: '',
  rev: 0,
  checklist: { key: '', title: { zh: '', en: '' }, about: [], answers: [], instrument: '', sections: [blankSection()] },
})

/** A checklist as it is sent: without what only the answer says of it. */
export function bare(form: Page['checklist']): Checklist {
  const { version: _, form: __, ...rest } = form
  return rest
}
export const draftOf = (p: Page): Draft => ({ key: p.checklist.key, rev: p.newest, checklist: bare(p.checklist) })
export const draftOfRead = (r: Read, name: string, rev: number): Draft => ({
  key: r.checklist.key,
  rev,
  checklist: r.checklist,
  file: { name, sheet: r.sheet, own: r.own, asked: r.asked.map(a => ({ ...a, seen: false })), left: r.left, columns: r.columns },
})

/** Puts one of a list elsewhere. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const next = [...list]
  const [x] = next.splice(from, 1)
  if (x !== undefined) next.splice(Math.max(0, Math.min(to, next.length)), 0, x)
  return next
}

export const withSection = (c: Checklist, si: number, change: (s: Section) => Section): Checklist => ({ ...c, sections: c.sections.map((s, i) => (i === si ? change(s) : s)) })
export const withItem = (c: Checklist, si: number, ii: number, change: (i: Item) => Item): Checklist =>
  withSection(c, si, s => ({ ...s, items: s.items.map((x, i) => (i === ii ? change(x) : x)) }))

/** Lines that people type are wordings; one that was there keeps its key and its other language. */
export function phrasesOf(text: string, was: readonly Phrase[]): Phrase[] {
  const left = [...was]
  return text
    .split('\n')
    .filter(t => t.trim())
    .map((t, i) => {
      const at = left.findIndex(p => p.zh === t.trim())
      const same = at >= 0 ? left.splice(at, 1)[0] : undefined
      if (same) return same
      const here = was[i]
      // A line that is being changed keeps its key; what was said under it in the other language no longer fits.
      if (here && left.includes(here) && !text.split('\n').some(x => x.trim() === here.zh)) {
        left.splice(left.indexOf(here), 1)
        return { key: here.key, zh: t, en: '' }
      }
      return { key: freshKey('p'), zh: t, en: '' }
    })
}

/** When a share or a number is wrong, as people say it; what they cannot say is the expression itself. */
export type Fails = { kind: 'none' | 'part' | 'value' | 'own'; op: string; n: string }
export function failsOf(expr: string): Fails {
  if (!expr) return { kind: 'none', op: '>', n: '' }
  const value = /^value (<=|>=|<|>|==) (-?\d{1,9})$/.exec(expr)
  if (value) return { kind: 'value', op: value[1]!, n: value[2]! }
  const part = /^part \* 100 < of \* (\d{1,3})$/.exec(expr)
  if (part) return { kind: 'part', op: '<', n: part[1]! }
  const tenth = /^part \* 10 < of \* (\d{1,2})$/.exec(expr)
  if (tenth) return { kind: 'part', op: '<', n: `${tenth[1]}0` }
  return { kind: 'own', op: '', n: expr }
}
export function exprOf(f: Fails): string {
  if (f.kind === 'value') return f.n === '' ? '' : `value ${f.op} ${f.n}`
  if (f.kind === 'part') return f.n === '' ? '' : `part * 100 < of * ${f.n}`
  return f.kind === 'own' ? f.n : ''
}

/** Where a pointer stands: the section and the item it is about. */
export function placeOf(pointer: string): { si: number; ii: number } {
  const m = /^\/sections\/(\d+)(?:\/items\/(\d+))?/.exec(pointer)
  return { si: m ? Number(m[1]) : -1, ii: m?.[2] ? Number(m[2]) : -1 }
}

const shelf = (who: string, key: string) => `sifen.checklist.${who}.${key || 'new'}`
/** A draft survives a closed page: it is kept on this device until it was saved or discarded. */
export function kept(who: string, key: string): Draft | null {
  try {
    const d = JSON.parse(localStorage.getItem(shelf(who, key)) ?? 'null') as Draft | null
    return d?.checklist?.sections ? d : null
  } catch {
    return null // what cannot be read is as good as not there
  }
}
export function keep(who: string, key: string, d: Draft | null) {
  try {
    if (d) localStorage.setItem(shelf(who, key), JSON.stringify(d))
    else localStorage.removeItem(shelf(who, key))
  } catch {
    // a full or forbidden store: the page itself still holds it
  }
}
