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

describe('two tabs of one new form', () => {
  const fresh = async () => {
    vi.resetModules()
    return await import('./drafts') // a tab of its own
  }
  beforeEach(() => {
    localStorage.clear()
    sessionStorage.clear()
  })
  it('keep a draft each, and each finds its own after a reload', async () => {
    const a = await fresh()
    expect(a.claimDraft('p', 'k', 'new')).toEqual({ id: 'new', other: null })
    const endA = a.holdDraft('p', 'k', 'new')
    a.saveDraft('p', 'k', 'new', draft)
    const stored = sessionStorage.getItem('sifen.draft.p.k.new')
    sessionStorage.clear()
    const b = await fresh()
    const own = b.claimDraft('p', 'k', 'new')
    expect(own.id).toMatch(/^new~/)
    expect(own.other).toEqual(draft)
    const endB = b.holdDraft('p', 'k', own.id)
    b.saveDraft('p', 'k', own.id, { ...draft, at: 9 })
    endB()
    expect((await fresh()).claimDraft('p', 'k', 'new').id).toBe(own.id) // b again
    sessionStorage.setItem('sifen.draft.p.k.new', stored!)
    endA()
    expect((await fresh()).claimDraft('p', 'k', 'new').id).toBe('new') // a again
  })
  it('what a closed tab left is found by the next form', async () => {
    const a = await fresh()
    a.saveDraft('p', 'k', 'new~1', draft)
    sessionStorage.clear()
    expect((await fresh()).claimDraft('p', 'k', 'new')).toEqual({ id: 'new~1', other: null })
  })
  it('a tab that died holds nothing after a while', async () => {
    localStorage.setItem('sifen.draft.p.k.new', JSON.stringify(draft))
    localStorage.setItem('sifen.draft.p.k.new.held', JSON.stringify({ tab: 'x', at: Date.now() - 200_000 }))
    expect((await fresh()).claimDraft('p', 'k', 'new').id).toBe('new')
    localStorage.setItem('sifen.draft.p.k.new.held', JSON.stringify({ tab: 'x', at: Date.now() - 20_000 }))
    expect((await fresh()).claimDraft('p', 'k', 'new').id).not.toBe('new')
  })
})
