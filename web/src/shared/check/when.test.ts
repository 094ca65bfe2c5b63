import { describe, expect, it } from 'vitest'
import { holds } from './when'

describe('conditions of checklists', () => {
  const morning = { 'visit.minute': 450, 'visit.kind': 'routine', 'unit.type': 'estate' }
  it.each([
    ['', {}, true],
    ['a["board"] == "yes"', { 'a.board': 'yes' }, true],
    ['a["board"] == "yes"', { 'a.board': 'no' }, false],
    ['a["board"] == "yes"', {}, false],
    ['a["board"] == "yes" || visit.minute > 400', morning, true],
    ['a["board"] == "yes" && visit.minute > 400', morning, false],
    ['visit.minute >= 420 && visit.minute < 540 || visit.minute >= 1080', morning, true],
    ['visit.minute >= 420 && visit.minute < 540 || visit.minute >= 1080', { 'visit.minute': 600 }, false],
    ['part * 10 < of * 9', { part: 8, of: 10 }, true],
    ['part * 10 < of * 9', { part: 9, of: 10 }, false],
    ['value > 90', { value: 91 }, true],
    ['7 / value > 1', { value: 0 }, false],
    ['unit.type in ["estate", "village"]', morning, true],
    ['!(unit.type == "estate")', morning, false],
    ['unit.type.startsWith("e")', morning, true],
  ])('%s', (text, inputs, want) => {
    expect(holds(text, inputs)).toBe(want)
  })
})
