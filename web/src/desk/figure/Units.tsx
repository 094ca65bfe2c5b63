import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { url } from '../../api/client'
import { fixed, periodName } from '../../shared/format'
import { Bars } from '../../shared/chart/bars'
import { FigureChart } from './FigureChart'
import type { TargetStateName } from '../ui/Target'
import type { FigurePage, UnitLine } from './types'
import { useBeforeText } from './words'
import { useI18n } from './texts'

const FIRST = 20

/** The units below, most first, each a way down; of a year also its quarters. */
export function Units({ page: p }: { page: FigurePage }) {
  const { m, l, lang } = useI18n()
  const changed = useBeforeText()
  const navigate = useNavigate()
  const [all, setAll] = useState(false)
  if (!p.units.length) return null
  // Units without anything stand in the table; bars of nothing would hide those with something.
  const some = p.units.filter(u => u.value !== null && u.value !== 0)
  const shown = all ? p.units : p.units.slice(0, FIRST)
  const bars = (some.length ? some : p.units).slice(0, all ? undefined : FIRST)
  const rows = (p.own ? [...bars, p.own] : bars).map(u => ({ key: String(u.unit.id), label: u === p.own ? m.figures.own : u.unit.name, value: u.value, text: p.measure === 'coverage' && u.part !== null ? `${u.part}/${u.of}` : u.display, before: u.before?.change === undefined ? null : barBefore(u) }))
  const share = p.units.some(u => u.of !== null)
  const before = p.units.some(u => u.before)
  const targets = p.units.some(u => u.target)
  const mine = p.plan?.targets[0] ?? null
  const open = (id: string, period?: string) =>
    void navigate({ to: '/figures/$key', params: { key: p.key }, search: (old: object) => ({ ...old, unit: Number(id), ...(period ? { period } : {}), field: undefined, units: undefined }) } as unknown as Parameters<typeof navigate>[0])
  const file = (format: string) => url(`/figures/${encodeURIComponent(p.key)}/export`, { unit: p.unit.id, period: p.period, table: 'units', format })
  const list = rows
    .slice(0, 12)
    .map(r => `${r.label} ${r.text}`)
    .join(m.common.sep)
  const terms = (u: { part: number | null; of: number | null }) => (u.part !== null && u.of !== null ? `${fixed(u.part, 0, lang)} / ${fixed(u.of, 0, lang)}` : '')
  const line = (u: UnitLine, own: boolean) => (
    <tr key={own ? 'own' : u.unit.id}>
      <td>
        {own ? (
          m.figures.own
        ) : (
          <Link to="/figures/$key" params={{ key: p.key }} search={(old: object) => ({ ...old, unit: u.unit.id, field: undefined, units: undefined })}>
            {u.unit.name}
          </Link>
        )}
        {u.heads_line && !own && <sup className="faint">*</sup>}
      </td>
      <td className="num strong">{u.display}</td>
      {share && <td className="num muted">{terms(u)}</td>}
      {targets && <TargetCells t={own ? null : u.target} />}
      {before && (
        <td className="num muted" title={changed(u.before, p.decimals)}>
          {u.before?.display ?? '—'}
        </td>
      )}
      {p.columns.map((c, i) => (
        <td key={c} className="num">
          {own || u.columns[i] === '—' ? (
            (u.columns[i] ?? '—')
          ) : (
            <button type="button" className="link" aria-label={m.figures.quarterOf({ name: u.unit.name, quarter: m.figures.quarters[i]!, v: u.columns[i]! })} onClick={() => open(String(u.unit.id), c)}>
              {u.columns[i]}
            </button>
          )}
        </td>
      ))}
    </tr>
  )
  return (
    <FigureChart
      page={p}
      title={m.figures.units}
      note={before ? m.figures.compareLegend({ a: periodName(p.period, lang), b: m.figures.before }) : undefined}
      file={file}
      picture={width => (
        <Bars
          width={width}
          rows={rows}
          sentence={m.figures.unitsSentence({ title: l(p.title), period: periodName(p.period, lang), list })}
          onPick={id => id !== String(p.unit.id) && open(id)}
          {...(p.measure === 'ratio' || p.measure === 'coverage' ? { top: 1000 } : {})}
        />
      )}
      table={
        <>
          <table data-testid="units">
            <thead>
              <tr>
                <th>{m.common.unit}</th>
                <th className="num">{m.figures.value}</th>
                {share && <th className="num">{m.figures.terms}</th>}
                {targets && (
                  <>
                    <th className="num">{m.figures.target}</th>
                    <th className="num">{m.figures.reached}</th>
                  </>
                )}
                {before && <th className="num">{m.figures.before}</th>}
                {p.columns.map((c, i) => (
                  <th key={c} className="num">
                    {m.figures.quarters[i]}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {shown.map(u => line(u, false))}
              {p.own && line(p.own, true)}
            </tbody>
            <tfoot>
              <tr className="all">
                <td>{p.additive ? m.figures.total : m.figures.whole}</td>
                <td className="num" data-testid="units-total">
                  {p.undefined ? '—' : p.display}
                </td>
                {share && <td className="num">{terms(p)}</td>}
                {targets && <TargetCells t={mine} />}
                {before && <td className="num">{p.before?.display ?? '—'}</td>}
                {p.columns.map(c => (
                  <td key={c}>{'\u00a0'}</td>
                ))}
              </tr>
            </tfoot>
          </table>
          {p.units.some(u => u.heads_line) && <p className="faint small gap-2">* {m.figures.headsLine}</p>}
          {targets && !/^\d{4}$/.test(p.period) && <p className="faint small gap-2">{m.figures.reachedFrom}</p>}
          {!p.additive && <p className="faint small gap-2">{m.figures.notAdditive}</p>}
        </>
      }
    >
      {p.units.length > FIRST && (
        <p className="noprint">
          <button type="button" className="link" aria-expanded={all} onClick={() => setAll(!all)}>
            {all ? m.figures.showTop : m.figures.showAll({ n: p.units.length })}
          </button>
        </p>
      )}
    </FigureChart>
  )
}

/** A unit's target and how far it came: always of the year so far, whatever part of it the page shows. */
function TargetCells({ t }: { t: { display: string; permille: number; now_display: string; at_most: boolean; state: TargetStateName; value: number } | null }) {
  const { m, lang } = useI18n()
  if (!t)
    return (
      <>
        <td className="num faint">—</td>
        <td className="num faint">—</td>
      </>
    )
  return (
    <>
      <td className="num">{t.at_most ? `≤ ${t.display}` : t.display}</td>
      <td className="num" title={`${t.now_display} / ${t.display}`} data-testid="unit-reached">
        {t.value > 0 ? `${fixed(t.permille, 1, lang)}%` : t.now_display}
        <span className={t.state === 'missed' || t.state === 'exceeded' ? 'figure-tst bad' : t.state === 'behind' ? 'figure-tst slow' : 'figure-tst'}>{m.plan.states[t.state]}</span>
      </td>
    </>
  )
}

/** What the thin bar measures: the same as the thick one. */
export function barBefore(u: UnitLine): number | null {
  const b = u.before
  if (!b || b.undefined) return null
  if (b.part !== null && b.of !== null && b.change_points !== null && u.value !== null) return u.value - b.change_points
  return b.value ?? null
}
