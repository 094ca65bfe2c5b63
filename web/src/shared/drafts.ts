import type { Draft } from './schema-form/core'
import { uuid } from './uuid'

/** What a person has typed and not yet sent, kept on the device: per person, kind and record. */
export type StoredDraft = {
  at: number
  unit: number | undefined
  rev: number | undefined
  values: Draft
  names: { [sha: string]: string }
  id?: string
  reason?: string
}

const key = (person: string, kind: string, id: string) => `sifen.draft.${person}.${kind}.${id}`

export function saveDraft(person: string, kind: string, id: string, draft: StoredDraft): boolean {
  try {
    localStorage.setItem(key(person, kind, id), JSON.stringify(draft))
    return true
  } catch {
    return false // storage full or refused: the form itself still holds everything
  }
}
export function loadDraft(person: string, kind: string, id: string): StoredDraft | null {
  try {
    const text = localStorage.getItem(key(person, kind, id))
    const d = text ? (JSON.parse(text) as StoredDraft) : null
    return d && typeof d.at === 'number' && d.values && typeof d.values === 'object' ? { ...d, names: d.names ?? {} } : null
  } catch {
    return null
  }
}
export function dropDraft(person: string, kind: string, id: string) {
  try {
    localStorage.removeItem(key(person, kind, id))
  } catch {
    // nothing was stored
  }
}

// Two tabs of one new form are two records. Which tab fills which draft stands beside the draft; a tab in the background is
// woken once a minute at least, one that is gone says nothing any more.
const tab = uuid()
const beat = 20_000
const silent = 150_000
const mark = (k: string) => `${k}.held`
const heldByOther = (k: string) => {
  try {
    const h = JSON.parse(localStorage.getItem(mark(k)) ?? 'null') as { tab: string; at: number } | null
    return !!h && h.tab !== tab && Date.now() - h.at < silent
  } catch {
    return false
  }
}

/**
 * Where this tab keeps what is typed: under `base`, unless another tab fills that; then under a name of its own. What no tab
 * fills any more is found again.
 */
export function claimPlace(base: string, kept: (k: string) => boolean): string {
  let own = ''
  const left: string[] = []
  try {
    own = sessionStorage.getItem(base) ?? ''
    for (let i = 0; i < localStorage.length; i++) {
      const k = localStorage.key(i) ?? ''
      if (k.startsWith(`${base}~`) && !k.endsWith('.held')) left.push(k)
    }
  } catch {
    // no storage: nothing to share either
  }
  const free = [own, base, ...left.sort()].filter(k => k && !heldByOther(k))
  const chosen = free.find(kept) ?? (free.includes(base) ? base : `${base}~${uuid()}`)
  try {
    sessionStorage.setItem(base, chosen)
  } catch {
    // a reload then looks for it among those left
  }
  return chosen
}

/** Says that this tab fills a place, until the answer is called. */
export function holdPlace(place: string): () => void {
  const k = mark(place)
  const say = () => {
    try {
      localStorage.setItem(k, JSON.stringify({ tab, at: Date.now() }))
    } catch {
      // storage full: then another tab cannot know
    }
  }
  const end = () => {
    try {
      if (localStorage.getItem(k)?.includes(tab)) localStorage.removeItem(k)
    } catch {
      // nothing was stored
    }
  }
  say()
  const t = setInterval(say, beat)
  addEventListener('pagehide', end)
  addEventListener('pageshow', say)
  return () => {
    clearInterval(t)
    removeEventListener('pagehide', end)
    removeEventListener('pageshow', say)
    end()
  }
}

/** Where a new form keeps its draft. `other` is the draft that another tab is filling. */
export function claimDraft(person: string, kind: string, id: string): { id: string; other: StoredDraft | null } {
  const base = key(person, kind, id)
  const idOf = (k: string) => k.slice(base.length - id.length)
  const mine = idOf(claimPlace(base, k => !!loadDraft(person, kind, idOf(k))))
  return { id: mine, other: mine !== id && !loadDraft(person, kind, mine) ? loadDraft(person, kind, id) : null }
}

/** Says that this tab fills a draft, until the answer is called. */
export const holdDraft = (person: string, kind: string, id: string) => holdPlace(key(person, kind, id))
