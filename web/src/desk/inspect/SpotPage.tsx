import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { get, url } from '../../api/client'
import { Columns } from '../../shared/chart/bars'
import { int, shortDay, tableTime } from '../../shared/format'
import { Loaded } from '../ui/States'
import { StatusMark } from '../ui/StatusMark'
import { Heads } from '../ui/Table'
import { Verbs } from '../ui/Verbs'
import { can, useMe, useScope, useTitle, useUrl } from '../ui/hooks'
import { VisitResult } from './parts'
import { useI18n } from './texts'
import './inspect.css'

/** A place: what is open there and what was closed, its last visits, and what they found month by month. */
export default function SpotPage() {
  const { m, l } = useI18n()
  const [search] = useUrl() as [{ key?: string }, unknown]
  const key = search.key ?? ''
  const query = useQuery({ queryKey: ['inspect-place', key], queryFn: ({ signal }) => get('/inspect-place', { key }, signal), enabled: !!key })
  useTitle(query.data?.name)
  return (
    <div className="page inspect-page">
      <Loaded query={query} rows={6}>
        {s => (
          <>
            <Verbs>
              {s.may &&
                s.forms.map(f => (
                  <a key={f.key} className="btn no-phone" href={url('/inspect-paper', { key: s.key, form: f.key })} download>
                    {s.forms.length > 1 ? `${m.inspect.paperOut} ${l(f.title)}` : m.inspect.paperOut}
                  </a>
                ))}
              {s.may && s.forms.length > 0 && (
                <Link className="btn primary" to="/inspect/check" search={{ key: s.key }}>
                  {m.inspect.check}
                </Link>
              )}
            </Verbs>
            <h1>{s.name}</h1>
            <dl className="spot-facts">
              <dt>{m.inspect.lastLook}</dt>
              <dd>{s.visits[0]?.day ?? m.inspect.never}</dd>
              <dt>{m.inspect.nextDraw}</dt>
              <dd className="muted">{m.inspect.nextUnknown}</dd>
            </dl>
            <p className="muted">{[s.unit.path.replace(/\//g, ' / '), s.party ? m.check.answers({ t: s.party.name }) : ''].filter(Boolean).join(m.common.sep)}</p>
            <div className="spot-two">
              <div>
                <section className="gap-5">
                  <h2>{m.inspect.openCases}</h2>
                  {s.open_cases.length === 0 ? (
                    <p className="faint">{m.inspect.noFindings}</p>
                  ) : (
                    <ul className="inspect-list">
                      {s.open_cases.map(c => (
                        <li key={c.id}>
                          <Link className="grow inspect-name" to="/cases/$id" params={{ id: c.id }} search={{}}>
                            <b>{l(c.title)}</b>
                            <span className="muted small">
                              {c.no} {c.place_name}
                            </span>
                          </Link>
                          {c.late > 0 && <StatusMark mark="late">{m.state.late({ n: c.late })}</StatusMark>}
                        </li>
                      ))}
                    </ul>
                  )}
                </section>
                <ClosedHere place={s.key} />
              </div>
              <div>
                {s.key.startsWith('unit:') && <Trend unit={s.unit.id} />}
                <section className="gap-5">
                  <h2>{m.inspect.lastVisits}</h2>
                  {s.visits.length === 0 ? (
                    <p className="faint">{m.inspect.never}</p>
                  ) : (
                    <ul className="inspect-list">
                      {s.visits.map(v => (
                        <li key={v.id}>
                          <Link className="grow inspect-name" to="/visits/$id" params={{ id: v.id }} search={{}}>
                            <b>{v.day}</b>
                            <span className="muted small">
                              {l(v.title)} {v.by}
                            </span>
                          </Link>
                          <VisitResult v={v} />
                        </li>
                      ))}
                    </ul>
                  )}
                </section>
              </div>
            </div>
          </>
        )}
      </Loaded>
    </div>
  )
}

/** What was closed here, the latest first. */
function ClosedHere({ place }: { place: string }) {
  const { m, l } = useI18n()
  const me = useMe()
  const q = { place, state: 'closed' as const, size: 10, page: 1 }
  const { data } = useQuery({ queryKey: ['cases', q], queryFn: ({ signal }) => get('/cases', q, signal), enabled: can(me, 'rectify.read') })
  if (!data) return null
  return (
    <section className="gap-5">
      <h2>
        {m.inspect.closedCases}{' '}
        <Link className="small" to="/cases" search={{ place, state: 'closed' }}>
          {m.inspect.closedAll({ n: data.total })}
        </Link>
      </h2>
      {data.rows.length === 0 ? (
        <p className="faint">{m.inspect.noClosed}</p>
      ) : (
        <ul className="inspect-list">
          {data.rows.map(c => (
            <li key={c.id}>
              <Link className="grow inspect-name" to="/cases/$id" params={{ id: c.id }} search={{}}>
                <b>{l(c.title)}</b>
                <span className="muted small">{c.no}</span>
              </Link>
              {c.closed && <span className="faint small">{m.inspect.closedOn({ t: shortDay(tableTime(c.closed).slice(0, 10), me.today), n: c.round })}</span>}
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

/** Findings of a unit month by month, with the visits that they are of. */
function Trend({ unit }: { unit: number }) {
  const { m, l, lang } = useI18n()
  const me = useMe()
  const { period } = useScope()
  const year = period.slice(0, 4)
  const ask = (key: string) => ({ queryKey: ['figure', key, unit, year], queryFn: ({ signal }: { signal: AbortSignal }) => get('/figures/{key}', { key, unit, period: year }, signal), enabled: can(me, 'figure.read') })
  const found = useQuery(ask('findings.all')).data
  const visits = useQuery(ask('visits.all')).data
  if (!found || !visits) return null
  const of = (p: string) => visits.trend.find(x => x.period === p)?.value ?? 0
  const months = found.trend.filter(x => x.period.startsWith(year))
  const label = (p: string) => String(Number(p.slice(5)))
  return (
    <section className="gap-5">
      <h2>
        {m.inspect.trend} <span className="muted small">{m.inspect.trendText({ year, visits: visits.value ?? 0, n: found.value ?? 0 })}</span>
      </h2>
      <div className="spot-chart">
        <Columns
          width={440}
          columns={months.map(x => ({ key: x.period, label: label(x.period), value: x.value, text: x.value === null ? '' : int(x.value, lang) }))}
          sentence={`${l(found.title)}${m.common.sep}${months.map(x => `${x.period} ${x.display}`).join(m.common.sep)}`}
          axis={v => int(v, lang)}
        />
      </div>
      <table className="table spot-trend">
        <Heads of={[m.inspect.monthOf, { num: m.inspect.visitsN }, { num: m.inspect.findingsN }, { num: m.inspect.perVisit }]} />
        <tbody>
          {months
            .filter(x => of(x.period) > 0 || (x.value ?? 0) > 0)
            .map(x => (
              <tr key={x.period}>
                <td>{x.period}</td>
                <td className="num">{int(of(x.period), lang)}</td>
                <td className="num">{int(x.value ?? 0, lang)}</td>
                <td className="num muted">{of(x.period) > 0 ? `${int(x.value ?? 0, lang)} ÷ ${int(of(x.period), lang)}` : ''}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </section>
  )
}
