import { useId } from 'react'
import { Hatch } from './hatch'
import { Tip, useTip } from './tip'

const INK = '#11606d'
const TEXT = '#3f4a4d'
const SOFT = '#5b666a'
const LINE = '#dedfda'

/** Steps of an axis: at most four, round numbers, the last at or above top. */
export function ticks(top: number): number[] {
  if (top <= 0) return [0, 1]
  const raw = top / 4
  const pow = 10 ** Math.floor(Math.log10(raw))
  const step = Math.max([1, 2, 2.5, 5, 10].map(m => m * pow).find(s => s >= raw) ?? raw, 1)
  const whole = Number.isInteger(step) ? step : Math.ceil(step)
  const out = [0]
  while (out[out.length - 1]! < top) out.push(out[out.length - 1]! + whole)
  return out
}

export type Column = {
  key: string
  label: string
  value: number | null
  text: string
  before?: number | null
  beforeText?: string
  plan?: number | null // what is wanted of it: a short line over the bar
  planText?: string
  partial?: boolean
  faint?: boolean // outside what the page speaks about
}

/** Upright bars, each with the year before as a thin bar behind it. A bar can be a button. */
export function Columns({
  width,
  columns,
  sentence,
  axis,
  onPick,
  pickLabel,
}: {
  width: number
  columns: Column[]
  sentence: string
  axis: (n: number) => string
  onPick?: ((key: string) => void) | undefined
  pickLabel?: (c: Column) => string
}) {
  const hatch = useId().replace(/:/g, '')
  const { tip, handlers } = useTip(onPick)
  const says = (c: Column) => (pickLabel ? pickLabel(c) : `${c.label} ${c.text}`)
  const all = columns.flatMap(c => [c.value ?? 0, c.before ?? 0, c.plan ?? 0])
  const steps = ticks(Math.max(0, ...all))
  const top = steps[steps.length - 1] || 1
  const left = Math.max(28, ...steps.map(s => axis(s).length * 7 + 10))
  const h = width > 480 ? 300 : 236,
    base = h - 32,
    ceiling = 22
  const step = (width - left - 4) / Math.max(columns.length, 1)
  const bar = Math.min(step * 0.56, 36)
  const y = (v: number) => base - (v / top) * (base - ceiling)
  // values above the bars only where they fit
  const fits = columns.every(c => c.text.length * 7 <= step + 6)
  // a number stands over its bar, and over the line of the plan where that would cross it
  const above = (c: Column) => {
    const at = y(Math.max(c.value ?? 0, 0)) - 5
    const line = c.plan === null || c.plan === undefined ? null : y(c.plan)
    return line !== null && line > at - 14 && line < at + 6 ? Math.min(at, line - 6) : at
  }
  return (
    <svg className="chart-svg" viewBox={`0 0 ${width} ${h}`} width={width} height={h} role="img" aria-label={sentence}>
      <Hatch id={hatch} size={4} line={1.6} color={INK} />
      {steps.map(s => (
        <g key={s}>
          <path d={`M${left} ${Math.round(y(s)) + 0.5}H${width}`} stroke={LINE} />
          <text x={left - 6} y={y(s) + 4} textAnchor="end" fontSize="12" fill={SOFT}>
            {axis(s)}
          </text>
        </g>
      ))}
      {columns.map((c, i) => {
        const mid = left + i * step + step / 2
        const v = c.value
        const body = (
          <>
            {c.before !== null && c.before !== undefined && c.before > 0 && (
              <rect x={mid - bar / 2 - 4} y={y(c.before)} width={bar} height={base - y(c.before)} rx="2" fill="#c9cfcd" />
            )}
            {v !== null && v !== 0 && (
              <rect
                x={mid - bar / 2 + 2}
                y={y(v)}
                width={bar}
                height={Math.max(base - y(v), 1.5)}
                rx="2"
                fill={c.partial ? `url(#${hatch})` : INK}
                stroke={c.partial ? INK : 'none'}
                fillOpacity={c.faint ? 0.4 : 1}
              />
            )}
            {fits && v !== null && (
              <text x={mid + 2} y={above(c)} stroke="#fff" strokeWidth="3" paintOrder="stroke" textAnchor="middle" fontSize="12" fill={TEXT}>
                {c.text}
              </text>
            )}
            {c.plan !== null && c.plan !== undefined && (
              <g data-plan={c.plan}>
                <path d={`M${mid - step / 2 + 2} ${y(c.plan)}H${mid + step / 2 - 2}`} stroke="#fff" strokeWidth="5" />
                <path d={`M${mid - step / 2 + 2} ${y(c.plan)}H${mid + step / 2 - 2}`} stroke="#1b2426" strokeWidth="2" strokeDasharray="5 2.5" />
              </g>
            )}
            <text x={mid} y={base + 18} textAnchor="middle" fontSize="12" fill={c.faint ? SOFT : TEXT} fontWeight={c.faint ? 400 : 600}>
              {c.label}
            </text>
          </>
        )
        return (
          <g key={c.key} {...handlers(c.key)} {...(onPick ? { style: { cursor: 'pointer' } } : {})}>
            <rect data-screen x={left + i * step} y={0} width={step} height={h} fill={tip === c.key ? 'rgb(17 96 109 / 6%)' : 'transparent'} />
            {body}
          </g>
        )
      })}
      <path d={`M${left} ${base + 0.5}H${width}`} stroke={SOFT} />
      {columns.map((c, i) => tip === c.key && says(c).trim() && <Tip key={c.key} text={says(c)} x={left + i * step + step / 2} y={above(c) - 12} width={width} />)}
    </svg>
  )
}

export type BarRow = { key: string; label: string; value: number | null; text: string; before?: number | null; beforeText?: string; color?: string }

/** Lying bars, largest first as the caller sorted them; a second value as a thin bar under each. */
export function Bars({
  width,
  rows,
  sentence,
  onPick,
  top: given,
}: {
  width: number
  rows: BarRow[]
  sentence: string
  onPick?: ((key: string) => void) | undefined
  top?: number
}) {
  const { tip, handlers } = useTip(onPick)
  const two = rows.some(r => r.before !== undefined && r.before !== null)
  const row = two ? 36 : 28
  const chars = (s: string) => [...s].reduce((n, c) => n + (c.charCodeAt(0) > 255 ? 13 : 7), 0)
  const nameWidth = Math.min(Math.max(56, ...rows.map(r => chars(r.label))) + 8, width * 0.36)
  const textWidth = Math.max(24, ...rows.map(r => chars(r.text))) + 10
  const span = Math.max(width - nameWidth - textWidth, 40)
  const top = given ?? Math.max(1, ...rows.flatMap(r => [Math.abs(r.value ?? 0), Math.abs(r.before ?? 0)]))
  const cut = (s: string) => {
    if (chars(s) <= nameWidth - 8) return s
    let out = ''
    for (const c of s) {
      if (chars(out + c) > nameWidth - 20) break
      out += c
    }
    return `${out}…`
  }
  const h = Math.max(rows.length * row + 4, 32)
  return (
    <svg className="chart-svg" viewBox={`0 0 ${width} ${h}`} width={width} height={h} role="img" aria-label={sentence}>
      {rows.map((r, i) => {
        const y = i * row
        const w = ((r.value ?? 0) / top) * span
        return (
          <g key={r.key} {...handlers(r.key)} {...(onPick ? { style: { cursor: 'pointer' } } : {})}>
            <rect data-screen x="0" y={y} width={width} height={row} fill={tip === r.key ? 'rgb(17 96 109 / 6%)' : 'transparent'} />
            <text x={nameWidth - 8} y={y + 18} textAnchor="end" fontSize="13" fill={TEXT}>
              {cut(r.label)}
            </text>
            {r.value !== null && r.value !== 0 && <rect x={nameWidth} y={y + 7} width={Math.max(w, 2)} height={14} rx="2" fill={r.color ?? INK} />}
            <text x={nameWidth + Math.max(w, 0) + 6} y={y + 18} fontSize="13" fontWeight="600" fill={r.value === null ? SOFT : '#1b2426'}>
              {r.text}
            </text>
            {two && r.before !== null && r.before !== undefined && r.before !== 0 && (
              <rect x={nameWidth} y={y + 23} width={Math.max((r.before / top) * span, 2)} height={5} rx="1.5" fill="#aab4b2" />
            )}
          </g>
        )
      })}
      <path d={`M${nameWidth + 0.5} 0V${h}`} stroke={LINE} />
      {rows.map((r, i) => tip === r.key && <Tip key={r.key} text={[`${r.label} ${r.text}`, r.beforeText].filter(Boolean).join(' · ')} x={nameWidth + span / 2} y={i * row + 4} width={width} />)}
    </svg>
  )
}

/** One bar in two parts: what was done, and what was not. */
export function Share({ width, part, of, words, sentence }: { width: number; part: number; of: number; words: [string, string]; sentence: string }) {
  const w = of > 0 ? Math.round((part / of) * width) : 0
  const hatch = useId().replace(/:/g, '')
  return (
    <svg className="chart-svg" viewBox={`0 0 ${width} 56`} width={width} height={56} role="img" aria-label={sentence}>
      <Hatch id={hatch} size={6} line={1.4} color="#7f898c" />
      {of > 0 && <rect x="0.5" y="4.5" width={width - 1} height="20" rx="2" fill={`url(#${hatch})`} stroke="#7f898c" />}
      {w > 0 && <rect x="0" y="4" width={w} height="21" rx="2" fill={INK} />}
      <text x="0" y="45" fontSize="13" fill={TEXT}>
        {words[0]}
      </text>
      <text x={width} y="45" fontSize="13" fill={TEXT} textAnchor="end">
        {words[1]}
      </text>
    </svg>
  )
}
