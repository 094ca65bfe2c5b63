import { Link } from '@tanstack/react-router'
import { url } from '../../api/client'
import type { Panel } from '../../api/answers'
import { fixed, longTime, place, shortDay, unitWord } from '../../shared/format'
import { useI18n } from '../../shared/i18n'
import { Figure, MonthBars, useChange } from './Figure'
import { Icon } from './Icon'
import { StatusMark } from './StatusMark'
import { RecordLink } from './RecordLink'
import { useMe } from './hooks'
import { GoTo } from './GoTo'
import { useList } from './manifest'

export function PanelBody({ panel: p }: { panel: Panel }) {
  const { m, l, lang } = useI18n()
  const me = useMe()
  const change = useChange()
  const list = useList(p.keeper, p.kind)
  const children = p.own ? [...p.units, p.own] : p.units
  const partial = p.trend.find(x => x.partial)
  const childTop = Math.max(1, ...children.map(c => Math.abs(c.value ?? 0)))
  const out = p.registered - p.counted.records
  const flow = ['count', 'sum', 'distinct', 'ratio', 'mean'].includes(p.measure)
  return (
    <>
      <div className="head">
        <p className="big" data-testid="panel-value">
          {p.unrecorded ? m.figure.unrecorded : p.undefined ? m.figure.undefined : p.display}
          {!p.unrecorded && <small>{unitWord(l(p.unit_of), p.display, lang)}</small>}
        </p>
        {p.before ? (
          <div className="cmp">
            <p>
              {m.figure.lastYear}{' '}
              <Figure figure={{ key: p.key, title: p.title, display: p.before.display }} unit={p.unit.id} period={p.before.period} />
            </p>
            <p className="strong">{change(p.before, p)}</p>
          </div>
        ) : (
          <p className="cmp faint small">{m.figure.noneBefore}</p>
        )}
      </div>
      {p.terms.length > 0 && (
        <p className="ratio gap-1">
          {p.terms.map((t, i) => (
            <span key={t.key}>
              {i > 0 && <span className="faint">{p.terms.length === 2 ? `${m.figure.divide} ` : ''}</span>}
              <Figure figure={t} bold /> {unitWord(l(t.unit_of), t.display, lang)} <span className="faint">{l(t.title)}</span>
            </span>
          ))}
        </p>
      )}
      {p.terms.length === 0 && p.part !== null && p.of !== null && p.measure === 'coverage' && (
        <p className="gap-1 muted">
          {fixed(p.part, 0, lang)} / {fixed(p.of, 0, lang)}
        </p>
      )}
      {p.unrecorded && <p className="muted gap-1">{m.figure.unrecordedHint}</p>}
      {p.undefined && !p.unrecorded && <p className="muted gap-1">{m.figure.noBase}</p>}
      {p.estimated > 0 && (
        <p className="muted gap-1">
          {m.figure.estimated({ v: fixed(p.estimated, p.decimals, lang) })} {l(p.unit_of)}
        </p>
      )}
      <p className="def">
        {l(p.definition)}
        {p.source && <span className="faint"> {m.figure.source({ s: l(p.source) })}</span>}
      </p>
      {p.trend.length > 1 && (
        <section>
          <h3>
            {m.figure.months} {partial && <span className="small faint">{m.figure.partial({ m: Number(partial.period.slice(5, 7)) })}</span>}
          </h3>
          <MonthBars months={p.trend} title={l(p.title)} decimals={p.decimals} />
        </section>
      )}
      {children.length > 0 && (
        <section>
          <h3>
            {m.figure.children} {flow && <span className="small faint">{m.figure.sum({ v: p.display })}</span>}
          </h3>
          <ul className="comp">
            {children.map(c => (
              <li key={c.unit.id}>
                <span className="cut name" title={c.unit.name}>
                  {c.unit.id === p.unit.id ? m.figure.own : c.unit.name}
                </span>
                <span className="bar">
                  <i style={{ width: `${Math.max(c.value ? 3 : 0, (Math.abs(c.value ?? 0) / childTop) * 100)}%` }} />
                </span>
                <span className="num">
                  {c.unit.id === p.unit.id ? (
                    c.display
                  ) : (
                    <Figure figure={{ key: p.key, title: p.title, display: c.display }} unit={c.unit.id} period={p.period} />
                  )}
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {p.not_done.total > 0 && (
        <section>
          <h3>
            {m.figure.notDone} <span className="small faint">{p.not_done.total}</span>
          </h3>
          <ul className="row wrap gap-1">
            {p.not_done.units.map(u => (
              <li key={u.id} className="tag" title={u.path}>
                {u.name}
              </li>
            ))}
            {p.not_done.total > p.not_done.units.length && <li className="faint small">{m.figure.notDoneMore({ n: p.not_done.total - p.not_done.units.length })}</li>}
          </ul>
        </section>
      )}
      {p.kind && (
        <section className="sum">
          <h3>{m.figure.counted}</h3>
          <table>
            <tbody>
              <tr>
                <td>
                  <StatusMark mark="ok">{m.state.counted}</StatusMark>
                </td>
                <td className="faint">
                  {m.figure.verified}
                  {p.measure !== 'count' && p.counted.value !== null && p.terms.length === 0 && p.part === null
                    ? m.common.sep + m.figure.value({ v: fixed(p.counted.value, p.decimals, lang) })
                    : ''}
                </td>
                <td className="num">
                  {list ? (
                    <GoTo to={list({ unit: p.unit.id, period: p.period, figure: p.key })}>
                      {fixed(p.counted.records, 0, lang)}
                    </GoTo>
                  ) : (
                    fixed(p.counted.records, 0, lang)
                  )}
                </td>
              </tr>
              <tr>
                <td>
                  <StatusMark mark="open">{m.state.notCounted}</StatusMark>
                </td>
                <td className="in-text">
                  {p.uncounted.map(u => (
                    <span key={u.why} className="nowrap">
                      {l(u.title)}{' '}
                      {list ? (
                        <GoTo to={list({ unit: p.unit.id, period: p.period, state: u.why })}>
                          {fixed(u.n, 0, lang)}
                        </GoTo>
                      ) : (
                        fixed(u.n, 0, lang)
                      )}
                    </span>
                  ))}
                </td>
                <td className="num">{fixed(out, 0, lang)}</td>
              </tr>
              <tr className="all">
                <td>{m.figure.all}</td>
                <td className="faint">{m.figure.addsUp({ a: p.counted.records, b: out })}</td>
                <td className="num">{fixed(p.registered, 0, lang)}</td>
              </tr>
            </tbody>
          </table>
        </section>
      )}
      {(p.kind || p.records.length > 0) && (
        <section>
          <h3>{m.figure.records}</h3>
          {p.records.length ? (
            <ul className="recs">
              {p.records.map(r => (
                <RecordLine key={r.id} row={r} today={me.today} keeper={p.keeper} />
              ))}
            </ul>
          ) : p.kind.startsWith('plan-') && p.counted.records > 0 ? (
            <p className="gap-1">
              <Link to="/plan" search={{ unit: p.unit.id, period: p.period.slice(0, 4), ...(p.kind === 'plan-arrears' ? { state: 'late' } : {}) }}>{m.plan.inPlan}</Link>
            </p>
          ) : (
            <p className="faint gap-1">{m.figure.noRecords}</p>
          )}
        </section>
      )}
      {p.outside > 0 && <p className="faint gap-2">{m.figure.outside({ n: p.outside })}</p>}
      <p className="faint small gap-3">{m.common.asOf({ t: longTime(p.as_of, lang) })}</p>
    </>
  )
}

export function RecordLine({ keeper, row, today }: { keeper: string; row: Panel['records'][number]; today: string }) {
  return (
    <li>
      <RecordLink keeper={keeper} id={row.id} link={row.link}>
        {row.thumb ? (
          <span className="photo">
            <img src={url(`/blobs/${row.thumb}`, { size: 'thumb' })} alt="" loading="lazy" />
          </span>
        ) : (
          <span className="photo none">
            <Icon name="doc" />
          </span>
        )}
        <span className="grow">
          <span className="cut">{row.title || row.number}</span>
          <span className="small faint cut">
            {shortDay(row.from, today)}　{place(row.unit)}　{row.number}
          </span>
        </span>
      </RecordLink>
    </li>
  )
}
