import type { Draft } from './schema-form/core'

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
