import { beforeEach, describe, expect, it, vi } from 'vitest'
import { dropDraft, loadDraft, saveDraft, type StoredDraft } from './drafts'

const draft: StoredDraft = { at: 1, unit: 7, rev: 3, values: { topic: 'x', members: [{ name: 'y' }] }, names: { sha: 'a.jpg' }, id: 'id' }

describe('drafts on the device', () => {
  beforeEach(() => localStorage.clear())
  it('come back after a reload', () => {
    expect(saveDraft('p', 'k', 'new', draft)).toBe(true)
    expect(loadDraft('p', 'k', 'new')).toEqual(draft)
  })
  it('belong to one person, kind and record', () => {
    saveDraft('p', 'k', 'new', draft)
    expect(loadDraft('q', 'k', 'new')).toBeNull()
    expect(loadDraft('p', 'l', 'new')).toBeNull()
    expect(loadDraft('p', 'k', 'id-edit')).toBeNull()
  })
  it('go when sent', () => {
    saveDraft('p', 'k', 'new', draft)
    dropDraft('p', 'k', 'new')
    expect(loadDraft('p', 'k', 'new')).toBeNull()
  })
  it('survive what cannot be read or stored', () => {
    localStorage.setItem('sifen.draft.p.k.new', '{broken')
    expect(loadDraft('p', 'k', 'new')).toBeNull()
    localStorage.setItem('sifen.draft.p.k.new', '{"at":"x"}')
    expect(loadDraft('p', 'k', 'new')).toBeNull()
    vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
      throw new Error('full')
    })
    expect(saveDraft('p', 'k', 'new', draft)).toBe(false)
  })
})
