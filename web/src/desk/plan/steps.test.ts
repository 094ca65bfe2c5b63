import { describe, expect, it } from 'vitest'
import { checkSteps, pasted, spreadEvenly, sumUp } from './steps'
import { zh } from './texts.zh'

const m = zh.plan
const ok = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '12']
const with3 = (month: number, v: string) => ok.map((c, i) => (i === month - 1 ? v : c))

describe('monthly steps', () => {
  it('takes steps that lead to the year', () => {
    expect(checkSteps(ok, 12, 0, m)).toBeNull()
    expect(checkSteps(with3(1, '\uff10'), 12, 0, m)).toBeNull() // full-width
    expect(checkSteps(ok.map(c => `${c}.5`), 125, 1, m)).toBeNull()
  })
  it('names the month that is wrong', () => {
    expect(checkSteps(with3(3, ''), 12, 0, m)).toEqual({ month: 3, says: m.monthEmpty({ n: 3 }) })
    expect(checkSteps(with3(4, '\u4e09'), 12, 0, m)?.says).toContain('4\u6708')
    expect(checkSteps(with3(5, '4.5'), 12, 0, m)?.month).toBe(5)
    expect(checkSteps(with3(1, '-1'), 12, 0, m)).toEqual({ month: 1, says: m.monthNegative({ n: 1 }) })
    expect(checkSteps(with3(7, '2'), 12, 0, m)).toEqual({ month: 7, says: m.monthFalls({ n: 7, v: '2', before: '5' }) })
    expect(checkSteps(ok, 13, 0, m)).toEqual({ month: 12, says: m.monthEnd({ v: '12', all: '13' }) })
  })
  it('spreads evenly up to the whole', () => {
    expect(spreadEvenly(320, 0)).toHaveLength(12)
    expect(spreadEvenly(320, 0)[11]).toBe('320')
    expect(spreadEvenly(100, 1)[11]).toBe('10')
    expect(checkSteps(spreadEvenly(7, 0), 7, 0, m)).toBeNull()
  })
  it('adds single months up', () => {
    expect(sumUp(Array(12).fill('2'), 0)?.[11]).toBe('24')
    expect(sumUp(with3(2, 'x'), 0)).toBeNull()
  })
  it('reads a row and a column of a spreadsheet', () => {
    expect(pasted('1\t2\t3\r\n')).toEqual(['1', '2', '3'])
    expect(pasted('1\n2\n')).toEqual(['1', '2'])
    expect(pasted('1\t\t3')).toEqual(['1', '', '3'])
  })
})
