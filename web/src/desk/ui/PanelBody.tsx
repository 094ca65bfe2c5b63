import { Link } from '@tanstack/react-router'
import { url } from '../../api/client'
import type { EntryRow, Panel } from '../../api/answers'
import { fixed, longTime, place, shortDay, unitWord } from '../../shared/format'
import { useI18n } from '../../shared/i18n'
import { Figure, MonthBars, useChange } from './Figure'
import { Icon } from './Icon'
import { StatusMark } from './StatusMark'
import { GoTo } from './GoTo'
import { useKinds, useMe } from './hooks'
import { useRecords } from './manifest'

/** Figures over events (late, returned) have a kind without a ledger of its own. */
export function useKnownKind(kind: string | undefined, keeper: string | undefined) {
  const { data } = useKinds()
  return !keeper && !!kind && (data?.some(k => k.key === kind) ?? false)
}

export function PanelBody({ panel: p }: { panel: Panel }) {
  const { m, l, lang } = useI18n()
  const me = useMe()
  const change = useChange()
  const known = useKnownKind(p.kind, p.keeper)
  const children = p.own ? [...p.children, p.own] : p.children
  const partial = p.months.find(x => x.partial)
  const childTop = Math.max(1, ...children.map(c => Math.abs(c.value ?? 0)))
  const out = p.not_counted.draft + p.not_counted.submitted + p.not_counted.returned + p.not_counted.void
  const states = (['submitted', 'returned', 'draft', 'void'] as const).filter(s => p.not_counted[s] > 0)
  const flow = ['count', 'sum', 'distinct', 'ratio', 'mean'].includes(p.measure)
  return (
    <>
      <div className="head">
        <p className="big" data-testid="panel-value">
          {p.undefined ? m.figure.undefined : p.display}
          <small>{unitWord(l(p.unit_of), p.display, lang)}</small>
        </p>
        {p.previous ? (
          <div className="cmp">
            <p>
              {m.figure.lastYear}{' '}
              <Figure figure={{ key: p.key, title: p.title, display: p.previous.display }} unit={p.unit.id} period={p.previous.period} />
            </p>
            <p className="b">{change(p.previous, p)}</p>
          </div>
        ) : (
          <p className="cmp t3 sm">{m.figure.noneBefore}</p>
        )}
      </div>
      {p.terms.length > 0 && (
        <p className="ratio mt1">
          {p.terms.map((t, i) => (
            <span key={t.key}>
              {i > 0 && <span className="t3">{p.terms.length === 2 ? `${m.figure.divide} ` : ''}</span>}
              <Figure figure={t} bold /> {unitWord(l(t.unit_of), t.display, lang)} <span className="t3">{l(t.title)}</span>
            </span>
          ))}
        </p>
      )}
      {p.terms.length === 0 && p.part !== null && p.of !== null && p.measure === 'coverage' && (
        <p className="mt1 t2">
          {fixed(p.part, 0, lang)} / {fixed(p.of, 0, lang)}
        </p>
      )}
      {p.undefined && <p className="t2 mt1">{m.figure.noBase}</p>}
      {p.estimated > 0 && (
        <p className="t2 mt1">
          {m.figure.estimated({ v: fixed(p.estimated, p.decimals, lang) })} {l(p.unit_of)}
        </p>
      )}
      <p className="def">
        {l(p.definition)}
        {p.source && <span className="t3"> {m.figure.source({ s: l(p.source) })}</span>}
      </p>
      {p.months.length > 1 && (
        <section>
          <h3>
            {m.figure.months} {partial && <span className="sm t3">{m.figure.partial({ m: Number(partial.period.slice(5, 7)) })}</span>}
          </h3>
          <MonthBars months={p.months} title={l(p.title)} decimals={p.decimals} />
        </section>
      )}
      {children.length > 0 && (
        <section>
          <h3>
            {m.figure.children} {flow && <span className="sm t3">{m.figure.sum({ v: p.display })}</span>}
          </h3>
          <ul className="comp">
            {children.map(c => (
              <li key={c.unit.id}>
                <span className="cut nm" title={c.unit.name}>
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
      {p.not_done.length > 0 && (
        <section>
          <h3>
            {m.figure.notDone} <span className="sm t3">{p.not_done_total}</span>
          </h3>
          <ul className="row wrap mt1">
            {p.not_done.map(u => (
              <li key={u.id} className="tag" title={u.path}>
                {u.name}
              </li>
            ))}
            {p.not_done_total > p.not_done.length && <li className="t3 sm">{m.figure.notDoneMore({ n: p.not_done_total - p.not_done.length })}</li>}
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
                <td className="t3">
                  {m.figure.verified}
                  {p.measure !== 'count' && p.counted.value !== null && p.terms.length === 0 && p.part === null
                    ? m.common.sep + m.figure.value({ v: fixed(p.counted.value, p.decimals, lang) })
                    : ''}
                </td>
                <td className="num">
                  {known ? (
                    <Link to="/ledger/$kind" params={{ kind: p.kind }} search={{ unit: p.unit.id, period: p.period, counts_in: p.key }}>
                      {fixed(p.counted.records, 0, lang)}
                    </Link>
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
                  {states.map(s => (
                    <span key={s} className="nw">
                      {m.state[s]}{' '}
                      {known ? (
                        <Link to="/ledger/$kind" params={{ kind: p.kind }} search={{ unit: p.unit.id, period: p.period, state: s }}>
                          {fixed(p.not_counted[s], 0, lang)}
                        </Link>
                      ) : (
                        fixed(p.not_counted[s], 0, lang)
                      )}
                    </span>
                  ))}
                </td>
                <td className="num">{fixed(out, 0, lang)}</td>
              </tr>
              <tr className="all">
                <td>{m.figure.all}</td>
                <td className="t3">{m.figure.addsUp({ a: p.counted.records, b: out })}</td>
                <td className="num">{fixed(p.counted.records + out, 0, lang)}</td>
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
            <p className="mt1">
              <Link to="/plan" search={{ unit: p.unit.id, period: p.period.slice(0, 4), ...(p.kind === 'plan-arrears' ? { state: 'late' } : {}) }}>{m.plan.inPlan}</Link>
            </p>
          ) : (
            <p className="t3 mt1">{m.figure.noRecords}</p>
          )}
        </section>
      )}
      {p.outside > 0 && <p className="t3 mt2">{m.figure.outside({ n: p.outside })}</p>}
      <p className="t3 sm mt3">{m.common.asOf({ t: longTime(p.as_of, lang) })}</p>
    </>
  )
}

export function RecordLine({ row, today, keeper }: { row: EntryRow; today: string; keeper: string | undefined }) {
  const records = useRecords(keeper) ?? { open: (id: string) => ({ to: '/entry/$id', params: { id } }) }
  return (
    <li>
      <GoTo to={records.open(row.id)}>
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
          <span className="sm t3 cut">
            {shortDay(row.from, today)}　{place(row.unit)}　{row.number}
          </span>
        </span>
      </GoTo>
    </li>
  )
}
