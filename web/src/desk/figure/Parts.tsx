import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { get, url } from '../../api/client'
import { fixed } from '../../shared/format'
import { Bars, Share } from '../../shared/chart/bars'
import { Loaded } from '../ui/States'
import { Heads } from '../ui/Table'
import { useKinds, useUrl } from '../ui/hooks'
import { FigureChart } from './FigureChart'
import type { FigurePage } from './types'
import { useI18n } from './texts'

/** What a figure is made of, by a field of its records. */
export function Composition({ page: p }: { page: FigurePage }) {
  const { m, l, lang } = useI18n()
  const [search, set] = useUrl()
  const field = p.fields.find(f => f.key === search.field) ?? p.fields[0]!
  const q = { unit: p.unit.id, period: p.period, field: field.key }
  const query = useQuery({
    queryKey: ['figure', 'breakdown', p.key, q],
    queryFn: ({ signal }) => get('/figures/{key}/breakdown', { key: p.key, ...q }, signal),
    placeholderData: keepPreviousData,
  })
  const file = (format: string) => url(`/figures/${encodeURIComponent(p.key)}/export`, { ...q, table: 'breakdown', format })
  const choose = p.fields.length > 1 && (
    <label className="chart-field noprint">
      <span className="muted">{m.figures.compositionBy}</span>
      <select className="input" value={field.key} onChange={e => set({ field: e.target.value }, { replace: true })}>
        {p.fields.map(f => (
          <option key={f.key} value={f.key}>
            {l(f.title)}
          </option>
        ))}
      </select>
    </label>
  )
  return (
    <Loaded query={query} rows={3}>
      {d =>
        d.too_many ? (
          <section className="chart">
            <h2>{m.figures.composition}</h2>
            <p className="muted">{m.figures.tooMany}</p>
          </section>
        ) : (
          <FigureChart
            page={p}
            title={m.figures.composition}
            note={l(d.field.title)}
            more={l(d.field.title)}
            file={file}
            picture={width => (
              <Bars
                width={width}
                rows={d.items.map(s => ({ key: s.key, label: l(s.title), value: s.value, text: s.display }))}
                sentence={m.figures.compositionSentence({ title: l(p.title), field: l(d.field.title), list: d.items.map(s => `${l(s.title)} ${s.display}`).join(m.common.sep) })}
              />
            )}
            table={
              <table data-testid="composition">
                <Heads of={[l(d.field.title), { num: m.figures.value }, { num: m.figures.share }, { num: m.figures.records }]} />
                <tbody>
                  {d.items.map(s => (
                    <tr key={s.key}>
                      <td>{l(s.title)}</td>
                      <td className="num strong">{s.display}</td>
                      <td className="num muted">{s.share}</td>
                      <td className="num muted">{fixed(s.records, 0, lang)}</td>
                    </tr>
                  ))}
                </tbody>
                <tfoot>
                  <tr className="all">
                    <td>{m.figures.total}</td>
                    <td className="num">{d.total_display}</td>
                    <td className="num muted">{d.total > 0 ? '100%' : ''}</td>
                    <td className="num">{fixed(d.items.reduce((n, s) => n + s.records, 0), 0, lang)}</td>
                  </tr>
                </tfoot>
              </table>
            }
          >
            {choose}
          </FigureChart>
        )
      }
    </Loaded>
  )
}

/** Done and not done, and who has not. */
export function NotDone({ page: p }: { page: FigurePage }) {
  const { m, lang } = useI18n()
  const kinds = useKinds()
  const [all, setAll] = useState(false)
  const kind = kinds.data?.find(k => k.key === p.kind)
  const list = all ? p.not_done.units : p.not_done.units.slice(0, 50)
  const file = (format: string) => url(`/figures/${encodeURIComponent(p.key)}/export`, { unit: p.unit.id, period: p.period, table: 'not-done', format })
  const share = p.of ? `${fixed(Math.round(((p.part ?? 0) * 1000) / p.of), 1, lang)}%` : '—'
  const table =
    p.not_done.total === 0 ? (
      <p className="muted">{m.figures.notDoneNone}</p>
    ) : (
      <>
        <table data-testid="not-done">
          <Heads of={[m.figures.notDone, m.figures.place, !!kind?.may.enter && { unseen: m.figures.notDoneAct }]} />
          <tbody>
            {list.map(u => (
              <tr key={u.id}>
                <td>
                  <Link to="/units" search={{ id: String(u.id) }}>
                    {u.name}
                  </Link>
                </td>
                <td className="faint small">{u.path}</td>
                {kind?.may.enter && (
                  <td className="num">
                    <Link to="/new/$kind" params={{ kind: kind.key }} search={{ unit: u.id }}>
                      {m.figures.notDoneAct}
                    </Link>
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
        {p.not_done.units.length > list.length && (
          <button type="button" className="link gap-2" onClick={() => setAll(true)}>
            {m.figures.showAll({ n: p.not_done.total })}
          </button>
        )}
      </>
    )
  if (p.measure === 'gap')
    return (
      <section className="chart">
        <header>
          <h2>{m.figures.notDone}</h2>
          <span className="faint small">{fixed(p.not_done.total, 0, lang)}</span>
          <span className="grow" />
          <a className="small" href={file('xlsx')} download>
            {m.figures.chart.xlsx}
          </a>
        </header>
        {table}
      </section>
    )
  return (
    <FigureChart
      page={p}
      title={m.figures.composition}
      file={file}
      picture={width => (
        <Share
          width={width}
          part={p.part ?? 0}
          of={p.of ?? 0}
          words={[m.figures.done({ n: p.part ?? 0 }), m.figures.undone({ n: (p.of ?? 0) - (p.part ?? 0) })]}
          sentence={m.figures.doneSentence({ part: fixed(p.part ?? 0, 0, lang), of: fixed(p.of ?? 0, 0, lang), share })}
        />
      )}
      table={table}
    />
  )
}
