import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { get, url } from '../../api/client'
import { fixed, isPeriod, periodName, previousYear } from '../../shared/format'
import { Bars } from '../../shared/chart/bars'
import { ChartFrame } from '../../shared/chart/frame'
import { Combo } from '../ui/Combo'
import { Icon } from '../ui/Icon'
import { PeriodPop, unitOptions } from '../ui/Scope'
import { Loaded } from '../ui/States'
import { Heads } from '../ui/Table'
import { useMe, useUnits, useUrl } from '../ui/hooks'
import { barBefore } from './Units'
import type { Comparison, FigurePage } from './types'
import { useBeforeText } from './words'
import { useI18n } from './texts'

/** Two periods side by side, for this unit and any others. */
export function Compare({ page: p }: { page: FigurePage }) {
  const { m, l, lang } = useI18n()
  const me = useMe()
  const [search, set] = useUrl()
  const { data: units } = useUnits()
  const options = useMemo(() => unitOptions(units), [units])
  const chosen = (search.units ?? '')
    .split('.')
    .map(Number)
    .filter(n => Number.isInteger(n) && n > 0 && n !== p.unit.id)
  const on = !!search.with || chosen.length > 0
  const against = search.with && isPeriod(search.with) ? search.with : previousYear(p.period)
  const put = (list: number[]) => set({ units: list.length ? list.join('.') : undefined, with: search.with ?? against }, { replace: true })
  const q = { unit: p.unit.id, period: p.period, with: against, units: chosen.join(',') }
  const query = useQuery({
    queryKey: ['figure', 'compare', p.key, q],
    queryFn: ({ signal }) => get('/figures/{key}/compare', { key: p.key, ...q }, signal),
    placeholderData: keepPreviousData,
    enabled: on,
  })
  const controls = (
    <div className="figure-cmp noprint">
      <PeriodPop className="btn" value={against} today={me.today} onPick={v => set({ with: v }, { replace: true })}>
        {m.figures.compareWith}
        {m.common.colon}
        {on ? periodName(against, lang) : m.figures.compareStart}
      </PeriodPop>
      <Combo
        label={m.figures.compareAdd}
        className="btn"
        value={undefined}
        options={options.filter(o => Number(o.value) !== p.unit.id && !chosen.includes(Number(o.value)))}
        onChange={v => v && put([...chosen, Number(v)].slice(0, 20))}
        button={
          <>
            <Icon name="plus" />
            {m.figures.compareAdd}
          </>
        }
      />
      {chosen.map(id => {
        const name = units?.find(u => u.id === id)?.name ?? String(id)
        return (
          <span key={id} className="chip">
            {name}
            <button type="button" className="btn icon slim" aria-label={m.figures.compareDrop({ name })} onClick={() => put(chosen.filter(x => x !== id))}>
              <Icon name="close" />
            </button>
          </span>
        )
      })}
    </div>
  )
  if (!on)
    return (
      <section className="chart">
        <header>
          <h2>{m.figures.compare}</h2>
          <span className="faint small">{m.figures.compareHint}</span>
        </header>
        {controls}
      </section>
    )
  return <Loaded query={query} rows={3}>{d => <Table page={p} d={d} controls={controls} title={l(p.title)} file={f => url(`/figures/${encodeURIComponent(p.key)}/export`, { ...q, table: 'compare', format: f })} />}</Loaded>
}

function Table({ page: p, d, controls, title, file }: { page: FigurePage; d: Comparison; controls: React.ReactNode; title: string; file: (format: string) => string }) {
  const { m, lang } = useI18n()
  const changed = useBeforeText()
  const a = periodName(d.period, lang)
  const b = periodName(d.with, lang)
  const terms = (x: { part: number | null; of: number | null }) => (x.part !== null && x.of !== null ? ` (${fixed(x.part, 0, lang)}/${fixed(x.of, 0, lang)})` : '')
  return (
    <ChartFrame
      title={m.figures.compare}
      note={m.figures.compareLegend({ a, b })}
      words={m.figures.chart}
      name={`${title} ${a} ${b}`}
      xlsx={file('xlsx')}
      csv={file('csv')}
      picture={width => (
        <Bars
          width={width}
          rows={d.lines.map(u => ({ key: String(u.unit.id), label: u.unit.name, value: u.value, text: p.measure === 'coverage' && u.part !== null ? `${u.part}/${u.of}` : u.display, before: barBefore(u) ?? 0 }))}
          sentence={m.figures.compareSentence({ title, list: d.lines.map(u => `${u.unit.name} ${a} ${u.display} ${b} ${u.before?.display ?? '—'}`).join(m.common.sep) })}
        />
      )}
      table={
        <table data-testid="compare">
          <Heads of={[m.common.unit, { num: a }, { num: b }, { num: m.figures.change }]} />
          <tbody>
            {d.lines.map(u => (
              <tr key={u.unit.id}>
                <td>
                  <Link to="/figures/$key" params={{ key: p.key }} search={(old: object) => ({ ...old, unit: u.unit.id, units: undefined })}>
                    {u.unit.name}
                  </Link>
                </td>
                <td className="num strong">
                  {u.display}
                  <span className="faint small">{terms(u)}</span>
                </td>
                <td className="num">
                  {u.before?.display ?? '—'}
                  {u.before && <span className="faint small">{terms(u.before)}</span>}
                </td>
                <td className="num muted">{changed(u.before, p.decimals)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      }
    >
      {controls}
    </ChartFrame>
  )
}
