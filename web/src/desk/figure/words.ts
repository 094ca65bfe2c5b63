import { fixed, periodName } from '../../shared/format'
import type { Before } from './types'
import { useI18n } from './texts'

/** What changed against another period, in words: an amount with its percentage, or percentage points. */
export function useBeforeText() {
  const { m, lang } = useI18n()
  return (b: Before | null, decimals: number) => {
    if (!b) return ''
    if (b.since) return m.figure.since({ t: periodName(b.since, lang) })
    if (b.change_points !== null && b.change === null) {
      if (b.change_points === 0) return m.figure.same
      const v = m.figures.points({ v: fixed(Math.abs(b.change_points), 1, lang) })
      return b.change_points > 0 ? m.figure.more({ v }) : m.figure.less({ v })
    }
    if (b.change === null) return ''
    if (b.change === 0) return m.figure.same
    const v = fixed(Math.abs(b.change), decimals, lang)
    const words = b.change > 0 ? m.figure.more({ v }) : m.figure.less({ v })
    return b.change_pct ? words + m.common.sep + b.change_pct.replace('-', '−') : words
  }
}

/** A bar's number: a ratio and a coverage come in tenths of a percent. */
export function useAxis(measure: string, decimals: number) {
  const { lang } = useI18n()
  return (n: number) => {
    if (measure === 'ratio' || measure === 'coverage') return `${fixed(n, 1, lang).replace(/\.0$/, '')}%`
    const v = n / 10 ** decimals
    if (v >= 10_000) return lang === 'en' ? `${fixed(Math.round(v / 100), 1, lang).replace(/\.0$/, '')}k` : `${fixed(Math.round(v / 1000), 1, lang).replace(/\.0$/, '')}\u4e07`
    return fixed(n, decimals, lang).replace(/\.0+$/, '')
  }
}
