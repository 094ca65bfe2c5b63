import { url } from '../../api/client'
import { monthName, periodName } from '../../shared/format'
import { Columns, type Column } from '../../shared/chart/bars'
import { Heads } from '../ui/Table'
import { useUrl } from '../ui/hooks'
import { FigureChart } from './FigureChart'
import type { FigurePage, Point } from './types'
import { useAxis } from './words'
import { useI18n } from './texts'

export function Trend({ page: p }: { page: FigurePage }) {
  const { m, l, lang } = useI18n()
  const [search, set] = useUrl()
  const axis = useAxis(p.measure, p.decimals)
  const grain = search.by === 'year' || search.by === 'quarter' ? search.by : 'month'
  const label = (x: Point) => (x.period.length === 4 ? x.period : x.period.includes('Q') ? quarterName(x.period) : lang === 'en' ? monthName(Number(x.period.slice(5, 7))) : `${Number(x.period.slice(5, 7))}\u6708`)
  const several = new Set(p.trend.map(x => x.period.slice(0, 4))).size > 1
  // A quarter of one year among several carries the year.
  const quarterName = (period: string) => (several ? `${period.slice(2, 4)} ` : '') + m.scope.quarters[Number(period.slice(-1)) - 1]!
  const seen = p.trend.filter(x => x.display !== '')
  if (!seen.length) return null
  const share = p.measure === 'ratio' || p.measure === 'coverage'
  const columns: Column[] = p.trend.map(x => ({
    key: x.period,
    label: label(x),
    value: x.value,
    text: x.value === null ? '' : axis(x.value),
    before: x.has_year_before ? x.year_before : null,
    beforeText: x.year_before_display,
    plan: x.plan,
    planText: x.plan_display,
    partial: x.partial,
    faint: !x.in,
  }))
  const before = seen.some(x => x.has_year_before)
  const planned = p.trend.some(x => x.plan !== null)
  const wanted = (x: Point) => (x.plan_display === '' ? '—' : p.measure === 'coverage' && x.of !== null ? `${x.plan_display}/${x.of}` : x.plan_display)
  const rows = planned ? p.trend.filter(x => x.display !== '' || x.plan_display !== '') : seen
  const partial = seen.some(x => x.partial)
  const notes = [...(planned ? [m.figures.planLine] : []), ...(before ? [m.figures.yearBefore] : []), ...(partial ? [m.figures.partial] : []), ...(p.flow ? [] : [m.figures.asOfEnd])]
  const pick = (period: string) => {
    const x = p.trend.find(y => y.period === period)
    if (x?.display) set({ period, by: undefined })
  }
  const file = (format: string) => url(`/figures/${encodeURIComponent(p.key)}/export`, { unit: p.unit.id, period: p.period, table: 'trend', by: grain, format })
  return (
    <FigureChart
      page={p}
      title={m.figures.trend}
      note={notes.join(m.common.sep)}
      file={file}
      picture={width => (
        <Columns
          width={width}
          columns={width < 430 ? columns.map(c => ({ ...c, label: c.label.replace('\u6708', '').slice(0, c.label.length === 4 ? 4 : 3) })) : columns}
          axis={axis}
          sentence={m.figures.trendSentence({ title: l(p.title), unit: p.unit.name, list: seen.map(x => `${label(x)} ${x.display}${x.plan === null ? '' : m.figures.planSentence({ v: wanted(x) })}`).join(m.common.sep) })}
          onPick={pick}
          pickLabel={c => `${periodName(c.key, lang)} ${c.text}${c.planText ? `${m.common.sep}${m.figures.planColumn} ${c.planText}` : ''}${c.beforeText ? `${m.common.sep}${m.figures.before} ${c.beforeText}` : ''}`}
        />
      )}
      table={
        <table>
          <Heads
            of={[
              m.figures.period,
              { num: share ? l(p.title) : `${l(p.title)}${p.unit_of ? m.common.paren({ t: l(p.unit_of) }) : ''}` },
              planned && { num: m.figures.planColumn },
              before && { num: m.figures.before },
            ]}
          />
          <tbody>
            {rows.map(x => (
              <tr key={x.period}>
                <td className="nowrap">
                  {x.display === '' ? (
                    <span className="muted">{periodName(x.period, lang)}</span>
                  ) : (
                    <button type="button" className="link" onClick={() => pick(x.period)}>
                      {periodName(x.period, lang)}
                    </button>
                  )}
                </td>
                <td className="num">
                  {x.display === '' ? '—' : p.measure === 'coverage' && x.part !== null ? `${x.part}/${x.of}` : x.display}
                  {p.measure !== 'coverage' && x.display !== '' && x.part !== null && x.of !== null && (
                    <span className="faint small">
                      {' '}
                      {x.part}/{x.of}
                    </span>
                  )}
                </td>
                {planned && (
                  <td className="num muted" data-testid="plan-step">
                    {wanted(x)}
                  </td>
                )}
                {before && <td className="num muted">{x.has_year_before ? x.year_before_display : '—'}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      }
    >
      <div className="chart-grain noprint" role="group" aria-label={m.figures.grain}>
        {(['month', 'quarter', 'year'] as const).map(x => (
          <button key={x} type="button" aria-pressed={x === grain} onClick={() => set({ by: x === 'month' ? undefined : x }, { replace: true })}>
            {m.figures.grains[x]}
          </button>
        ))}
      </div>
    </FigureChart>
  )
}
