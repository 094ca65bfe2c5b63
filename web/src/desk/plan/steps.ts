import { parseFixed, plain } from '../../shared/format'
import type { zh } from './texts.zh'

type Said = Pick<(typeof zh)['plan'], 'monthEmpty' | 'monthBad' | 'monthNegative' | 'monthFalls' | 'monthEnd'>

/** The first month that is wrong with a sentence that names it; null when all twelve lead to the year's value. */
export function checkSteps(cells: string[], year: number | null, decimals: number, m: Said): { month: number; says: string } | null {
  let before = 0
  for (const [i, c] of cells.entries()) {
    const month = i + 1
    if (c.trim() === '') return { month, says: m.monthEmpty({ n: month }) }
    const v = parseFixed(c, decimals)
    if (v === null) return { month, says: m.monthBad({ n: month, v: c.trim() }) }
    if (v < 0) return { month, says: m.monthNegative({ n: month }) }
    if (v < before) return { month, says: m.monthFalls({ n: month, v: plain(v, decimals), before: plain(before, decimals) }) }
    before = v
  }
  if (year !== null && before !== year) return { month: 12, says: m.monthEnd({ v: plain(before, decimals), all: plain(year, decimals) }) }
  return null
}

/** The year's value by twelfths, the last step whole. */
export const spreadEvenly = (year: number, decimals: number) => Array.from({ length: 12 }, (_, i) => plain(Math.round((year * (i + 1)) / 12), decimals))

/** Twelve amounts of single months as running totals; null when one of them is no number. */
export function sumUp(cells: string[], decimals: number): string[] | null {
  let all = 0
  const out: string[] = []
  for (const c of cells) {
    const v = parseFixed(c, decimals)
    if (v === null) return null
    all += v
    out.push(plain(all, decimals))
  }
  return out
}

/** The cells of what was copied from a spreadsheet: a row, or a column. */
export function pasted(text: string): string[] {
  return text
    .replace(/[\r\n]+$/, '')
    .split(/\t|\r?\n/)
    .map(x => x.trim())
}
