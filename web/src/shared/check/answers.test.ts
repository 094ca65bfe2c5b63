import { describe, expect, it } from 'vitest'
import { allFine, begin, say, takeBack, asked } from './answers'
import type { Form } from './types'

const form = {
  key: 'f', form: 'x', title: { zh: '', en: '' }, version: 1,
  sections: [{ key: 's', title: { zh: '', en: '' }, points: 0, when: '', items: ['a', 'b', 'c'].map(key => ({ key, ask: { zh: key, en: key }, answer: '', of: 0, fails: '', when: '' })) }],
} as unknown as Form

describe('all others are in order, taken back', () => {
  it('leaves what was said before, and what was said since', () => {
    const before = say(begin('1', form, []), asked(form, begin('1', form, []), {})[0]!, { value: 'no' })
    const filled = allFine(form, before, {})
    expect(Object.values(filled.answers).map(a => a.value)).toEqual(['no', 'yes', 'yes'])
    const since = say(filled, asked(form, filled, {})[1]!, { value: 'no', photos: ['p'] })
    expect(Object.values(takeBack(since, filled, before).answers).map(a => `${a.item} ${a.value}`)).toEqual(['a no', 'b no'])
    expect(takeBack(filled, filled, before).answers).toEqual(before.answers)
  })
})
