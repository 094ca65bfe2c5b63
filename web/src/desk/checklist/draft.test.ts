import { describe, expect, it } from 'vitest'
import { exprOf, failsOf, moved, phrasesOf, placeOf } from './draft'

describe('a draft of a checklist', () => {
  it('says when something is wrong as people do, and back', () => {
    for (const e of ['', 'value > 3', 'value <= -2', 'part * 100 < of * 85', 'value < 2 || value > 9']) expect(exprOf(failsOf(e))).toBe(e)
    expect(exprOf(failsOf('part * 10 < of * 9'))).toBe('part * 100 < of * 90')
  })
  it('keeps the keys of wordings that stay or are changed in place', () => {
    const was = [{ key: 'a', zh: '满溢', en: 'full' }, { key: 'b', zh: '破损', en: 'broken' }]
    expect(phrasesOf('破损\n满溢\n', was).map(p => p.key)).toEqual(['b', 'a'])
    const next = phrasesOf('满溢\n破损了', was)
    expect(next[1]).toEqual({ key: 'b', zh: '破损了', en: '' })
    expect(next[0]).toBe(was[0])
    const more = phrasesOf('满溢\n没盖盖\n破损', was)
    expect([more[0]!.key, more[2]!.key]).toEqual(['a', 'b'])
    expect(['a', 'b']).not.toContain(more[1]!.key)
  })
  it('finds its places', () => {
    expect(placeOf('/sections/2/items/11/ask')).toEqual({ si: 2, ii: 11 })
    expect(placeOf('/about')).toEqual({ si: -1, ii: -1 })
    expect(moved([1, 2, 3], 0, 1)).toEqual([2, 1, 3])
  })
})
