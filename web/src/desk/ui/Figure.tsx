import type { ReactNode } from 'react'
import type { Figure as FigureData, Previous } from '../../api/answers'
import { Hatch } from '../../shared/chart/hatch'
import { fixed, monthName, periodName, unitWord } from '../../shared/format'
import { useI18n, type Lang } from '../../shared/i18n'
import { useUrl } from './hooks'

export const figureId = (key: string, unit: number, period: string) => `${key}~${unit}~${period}`
/** 2020-12-15..2020-12-31 inside a period key has no tilde, so three parts always come back. */
export function parseFigureId(id: string | undefined): { key: string; unit: number; period: string } | null {
  const [key, unit, period] = (id ?? '').split('~')
  return key && unit && period && Number.isInteger(Number(unit)) ? { key, unit: Number(unit), period } : null
}

/** A figure is always a link to its source. */
export function Figure({
  figure,
  children,
  bold,
  unit,
  period,
}: {
  figure: Pick<FigureData, 'key' | 'title' | 'display'> & Partial<Pick<FigureData, 'unit' | 'period'>>
  children?: ReactNode
  bold?: boolean
  unit?: number
  period?: string
}) {
  const { l } = useI18n()
  const [search, set] = useUrl()
  const id = figureId(figure.key, unit ?? figure.unit!.id, period ?? figure.period!)
  return (
    <button
      type="button"
      className={search.fig === id ? 'fig on' : 'fig'}
      title={l(figure.title)}
      data-figure={figure.key}
      onClick={() => set({ fig: id })}
    >
      {bold ? <b>{children ?? figure.display}</b> : (children ?? figure.display)}
    </button>
  )
}

/** Compared with the same period last year, in words. */
export function useChange() {
  const { m, l, lang } = useI18n()
  return (p: Previous, f: { decimals: number; unit_of: FigureData['unit_of'] }) => {
    if (p.since) return m.figure.since({ t: periodName(p.since, lang) })
    if (p.change === null || p.change === undefined) return ''
    if (p.change === 0) return m.figure.same
    const n = fixed(Math.abs(p.change), f.decimals, lang)
    const v = [n, unitWord(l(f.unit_of), n, lang)].filter(Boolean).join(lang === 'en' ? ' ' : '\u2005')
    const words = p.change > 0 ? m.figure.more({ v }) : m.figure.less({ v })
    return p.change_pct ? words + m.common.sep + p.change_pct.replace('-', '−') : words
  }
}

const monthLabel = (period: string, lang: Lang) => (lang === 'en' ? monthName(Number(period.slice(5, 7))) : String(Number(period.slice(5, 7))))

/** Months as bars with their values; a month that is not over is hatched. */
export function MonthBars({
  months,
  title,
}: {
  months: { period: string; value: number | null; partial: boolean }[]
  title: string
  decimals: number
}) {
  const { m, lang } = useI18n()
  const top = Math.max(1, ...months.map(x => Math.abs(x.value ?? 0)))
  const w = 376,
    h = 92,
    step = w / Math.max(months.length, 1),
    bar = step - 4,
    base = 72,
    max = 46
  const short = (v: number) =>
    v >= 100_000
      ? lang === 'en'
        ? `${Math.round(v / 1000)}k`
        : `${(v / 10_000).toFixed(v < 1_000_000 ? 1 : 0)}\u4e07`
      : v >= 10_000 && lang === 'en'
        ? `${(v / 1000).toFixed(1)}k`
        : v >= 10_000
          ? `${(v / 10_000).toFixed(1)}\u4e07`
          : String(v)
  return (
    <svg
      className="msvg"
      viewBox={`0 0 ${w} ${h}`}
      role="img"
      aria-label={`${m.figure.monthLabel({ title })}${m.common.colon}${months.map(x => `${monthLabel(x.period, lang)} ${x.value ?? '—'}`).join(m.common.sep)}`}
    >
      <Hatch id="hatch" size={4} line={1.6} color="#11606d" />
      {months.map((x, i) => {
        const bh = x.value === null ? 0 : Math.max(x.value ? 2 : 0, Math.round((Math.abs(x.value) / top) * max))
        const left = i * step + 2
        return (
          <g key={x.period}>
            {bh > 0 && (
              <rect
                x={left}
                y={base - bh}
                width={bar}
                height={bh}
                rx="2"
                fill={x.partial ? 'url(#hatch)' : '#11606d'}
                fillOpacity={x.partial ? 1 : 0.76}
                stroke={x.partial ? '#11606d' : 'none'}
              />
            )}
            <text x={left + bar / 2} y={base - bh - 4} textAnchor="middle" fontSize="12" fill="#3f4a4d">
              {x.value === null ? '' : short(x.value)}
            </text>
            <text x={left + bar / 2} y={h - 5} textAnchor="middle" fontSize="12" fill="#5b666a">
              {monthLabel(x.period, lang)}
            </text>
          </g>
        )
      })}
      <path d={`M0 ${base + 0.5}h${w}`} stroke="#dedfda" />
    </svg>
  )
}

/** The small ones of a table row. */
export function Spark({ values, partialLast, label }: { values: number[]; partialLast: boolean; label: string }) {
  const top = Math.max(1, ...values)
  const step = 108 / Math.max(values.length, 1)
  return (
    <svg width="108" height="26" viewBox="0 0 108 26" role="img" aria-label={label}>
      {values.map((v, i) => {
        const h = Math.max(1, (v / top) * 25)
        const last = partialLast && i === values.length - 1
        return last ? (
          <rect
            key={i}
            x={i * step + 0.5}
            y={26 - h + 0.5}
            width={Math.max(step - 3, 2)}
            height={Math.max(h - 1, 0.5)}
            fill="none"
            stroke="#11606d"
            strokeDasharray="2 1.5"
          />
        ) : (
          <rect key={i} x={i * step} y={26 - h} width={Math.max(step - 2, 2)} height={h} fill="#11606d" opacity=".6" />
        )
      })}
    </svg>
  )
}
