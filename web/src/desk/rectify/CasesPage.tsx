import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { get } from '../../api/client'
import { int, shortDay, tableTime } from '../../shared/format'
import { Figure } from '../ui/Figure'
import { Icon } from '../ui/Icon'
import { Pager } from '../ui/Pager'
import { PhoneScope } from '../ui/Scope'
import { Loaded, State } from '../ui/States'
import { Heads } from '../ui/Table'
import { Verbs } from '../ui/Verbs'
import { can, useMe, useScope, useTitle, useUrl } from '../ui/hooks'
import { CaseBoard } from './CaseBoard'
import { CaseMap } from './CaseMap'
import { LeadDialog } from './LeadDialog'
import { CaseState, Deadline, endOf } from './parts'
import type { List } from './types'
import { useI18n } from './texts'
import './rectify.css'

const SIZE = 50
const AGES = ['in', 'today', 'd3', 'd10', 'more']
/** The states of what is open, in the order in which a case passes them, and whether the office has to act. */
const ROWS: [state: string, office: boolean][] = [['draft', true], ['sent', false], ['fixing', false], ['returned', false], ['asked', true], ['objected', true], ['replied', true], ['transferred', true]]
const RATES = ['cases.rate', 'cases.in_time_rate', 'rechecks.first_rate', 'lookbacks.again_rate']

export default function CasesPage() {
  const { m, lang } = useI18n()
  useTitle(m.cases.title)
  const me = useMe()
  const { unit } = useScope()
  const [search, set] = useUrl() as [ReturnType<typeof useUrl>[0] & { age?: string; place?: string; as?: string; lead?: string }, ReturnType<typeof useUrl>[1]]
  const [asking, setAsking] = useState(false)
  const state = search.state ?? 'open'
  const q = { unit, state: state === 'all' ? undefined : (state as 'open'), age: search.age as 'in' | undefined, mine: search.mine ? true : undefined, place: search.place, lead: search.lead ? true : undefined, q: search.q, page: search.page ?? 1, size: SIZE }
  const as = search.as === 'board' || search.as === 'map' ? search.as : 'list'
  const query = useQuery({ queryKey: ['cases', q], queryFn: ({ signal }) => get('/cases', q, signal), placeholderData: keepPreviousData })
  const choose = (patch: Record<string, string | undefined>) => set({ state: undefined, mine: undefined, lead: undefined, page: undefined, ...patch, ...('age' in patch ? {} : { age: undefined }) } as Parameters<typeof set>[0])
  const narrow = !!(search.q || search.age || search.mine || search.place || search.state)
  return (
    <div className="page case-page">
      <PhoneScope />
      <h1 className="unseen">{m.cases.title}</h1>
      <Verbs>
        {can(me, 'rectify.issue') && (
          <button type="button" className="btn primary" onClick={() => setAsking(true)}>
            <Icon name="plus" />
            {m.cases.lead}
          </button>
        )}
      </Verbs>
      <div className="case-top">
        {query.data && <Matrix d={query.data} now={{ state, age: search.age }} choose={choose} />}
        <div>
          {can(me, 'figure.read') && <Rates />}
          <LastLooks />
        </div>
      </div>
      <nav className="tabs gap-3" aria-label={m.common.state}>
        {[
          ['open', m.cases.states.open!, state === 'open' && !search.mine && !search.lead],
          ['mine', m.cases.mine, !!search.mine],
          ['closed', m.cases.states.closed!, state === 'closed'],
          ['leads', m.cases.leads, !!search.lead],
          ['all', m.cases.all, state === 'all' && !search.mine && !search.lead],
        ].map(([key, title, here]) => (
          <button key={String(key)} type="button" aria-current={here ? 'page' : undefined} onClick={() => choose(key === 'mine' ? { mine: '1' } : key === 'leads' ? { lead: '1', state: 'all' } : { state: key === 'open' ? undefined : String(key) })}>
            {title}
            {key === 'mine' && (me.counts.cases ?? 0) > 0 && <span className="badge hot"> {int(me.counts.cases!, lang)}</span>}
          </button>
        ))}
      </nav>
      <div className="row wrap gap-3">
        <label className="grow case-find">
          <span className="unseen">{m.cases.search}</span>
          <input className="input" type="search" value={search.q ?? ''} placeholder={m.cases.search} onChange={e => set({ q: e.target.value || undefined, page: undefined }, { replace: true })} />
        </label>
        <nav className="tabs case-views" aria-label={m.cases.views}>
          {(
            [
              ['list', m.cases.asList],
              ['board', m.cases.asBoard],
              ['map', m.cases.asMap],
            ] as const
          ).map(([key, title]) => (
            <button key={key} type="button" aria-current={as === key ? 'page' : undefined} onClick={() => set({ as: key === 'list' ? undefined : key, page: undefined } as Parameters<typeof set>[0])}>
              {title}
            </button>
          ))}
        </nav>
        {(search.age || !['open', 'closed', 'all'].includes(state)) && (
          <button type="button" className="chip" onClick={() => choose({})}>
            {m.cases.filtered({ s: m.cases.states[state] ?? '', a: search.age ? (m.cases.ages[search.age] ?? '') : '' })}
            <Icon name="close" />
          </button>
        )}
      </div>
      {as === 'board' && <CaseBoard q={{ unit, q: search.q, place: search.place, mine: search.mine ? true : undefined }} more={st => set({ state: st, as: undefined, page: undefined } as Parameters<typeof set>[0])} />}
      {as === 'map' && <CaseMap q={{ unit, state: ['open', 'closed', 'revoked', 'all'].includes(state) ? undefined : (state as 'sent'), age: search.age as 'in' | undefined, q: search.q }} />}
      {as === 'list' && <Rows query={query} narrow={narrow} choose={choose} go={page => set({ page })} />}
      {asking && <LeadDialog onClose={() => setAsking(false)} />}
    </div>
  )
}

type Choose = (p: Record<string, string | undefined>) => void

function Rows({ query, narrow, choose, go }: { query: UseQueryResult<List>; narrow: boolean; choose: Choose; go: (page: number) => void }) {
  const { m, l } = useI18n()
  const me = useMe()
  return (
    <Loaded query={query} rows={8}>
      {d =>
        d.rows.length === 0 ? (
          <State
            kind={narrow ? 'nomatch' : 'empty'}
            title={narrow ? m.cases.noMatch : m.cases.none}
            actions={
              narrow ? (
                <button type="button" className="btn" onClick={() => choose({ q: undefined, place: undefined })}>
                  {m.common.clear}
                </button>
              ) : undefined
            }
          >
            {narrow ? '' : m.cases.noneHint}
          </State>
        ) : (
          <>
            <p className="total gap-2" data-testid="cases-total">
              <b>{m.cases.total({ n: d.total })}</b>
            </p>
            <div className="case-scroll">
              <table className="table case-table" style={query.isPlaceholderData ? { opacity: 0.5 } : undefined}>
                <Heads of={[m.cases.no, m.cases.problem, m.cases.place, m.cases.party, m.cases.instrument, m.cases.issued, m.cases.due, m.common.state, { num: m.cases.round }]} />
                <tbody>
                  {d.rows.map(r => (
                    <tr key={r.id}>
                      <td className="nowrap">
                        <Link to="/cases/$id" params={{ id: r.id }} search={{}}>
                          {r.no}
                        </Link>
                      </td>
                      <td>
                        <Link className="title-link" to="/cases/$id" params={{ id: r.id }} search={{}}>
                          {l(r.title)}
                        </Link>
                      </td>
                      <td>
                        {r.place_name}
                        {r.origin && <span className="faint small"> {m.cases.origins[r.origin]}</span>}
                      </td>
                      <td className="muted">{r.party?.name ?? m.cases.noParty}</td>
                      <td className="nowrap">{l(r.instrument)}</td>
                      <td className="nowrap">{r.issued ? shortDay(tableTime(r.issued).slice(0, 10), me.today) : ''}</td>
                      <td className="nowrap">{r.due ? shortDay(endOf(r.due), me.today) : ''}</td>
                      <td className="nowrap case-how">
                        <CaseState row={r} /> <Deadline row={r} />
                      </td>
                      <td className="num">{r.round}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
            <Pager page={d.page} size={SIZE} total={d.total} go={go} />
          </>
        )
      }
    </Loaded>
  )
}

function Matrix({ d, now, choose }: { d: List; now: { state: string; age: string | undefined }; choose: Choose }) {
  const { m, lang } = useI18n()
  const of = (state: string | null, age: string | null) => d.matrix.filter(c => (state === null || c.state === state) && (age === null || c.age === age)).reduce((n, c) => n + c.n, 0)
  const cell = (state: string | null, age: string | null) => {
    const n = of(state, age)
    if (n === 0) return <span className="faint">0</span>
    const late = age !== null && age !== 'in' && age !== 'today'
    const on = now.state === (state ?? 'open') && now.age === (age ?? undefined) && (state !== null || age !== null)
    return (
      <button type="button" className={['case-number', late ? 'late' : '', on ? 'on' : ''].join(' ')} aria-pressed={on} onClick={() => choose({ state: state ?? undefined, age: age ?? undefined })}>
        {int(n, lang)}
      </button>
    )
  }
  const all = of(null, null)
  return (
    <section>
      <h2>
        {m.cases.open({ n: all })} <span className="muted small">{m.cases.matrix}</span>
      </h2>
      <table className="case-matrix" data-testid="matrix">
        <Heads of={[m.common.state, m.cases.waitsFor, ...AGES.map(a => ({ num: m.cases.ages[a]! })), { num: m.cases.sum }]} />
        <tbody>
          {ROWS.filter(([s]) => of(s, null) > 0 || !['draft', 'transferred', 'objected', 'asked'].includes(s)).map(([s, office]) => (
            <tr key={s}>
              <td>
                <CaseState row={{ state: s as 'sent' }} />
              </td>
              <td className={office ? 'strong' : 'muted'}>{office ? m.cases.district : m.cases.party}</td>
              {AGES.map(a => (
                <td key={a} className="num">
                  {cell(s, a)}
                </td>
              ))}
              <td className="num strong">{cell(s, null)}</td>
            </tr>
          ))}
          <tr className="sum">
            <td className="strong">{m.cases.states.open}</td>
            <td className="muted">{m.cases.sum}</td>
            {AGES.map(a => (
              <td key={a} className="num strong">
                {cell(null, a)}
              </td>
            ))}
            <td className="num strong">{int(all, lang)}</td>
          </tr>
        </tbody>
      </table>
    </section>
  )
}

/** The rates of the period with both their terms. */
function Rates() {
  const { m, l } = useI18n()
  const { unit, period } = useScope()
  const rates = RATES.map(key => ({ key }))
  const ask = (key: string) => ({ queryKey: ['figure', key, unit, period], queryFn: ({ signal }: { signal: AbortSignal }) => get('/figures/{key}', { key, unit, period }, signal) })
  const list = [useQuery(ask(rates[0]!.key)), useQuery(ask(rates[1]!.key)), useQuery(ask(rates[2]!.key)), useQuery(ask(rates[3]!.key))]
  const arrears = useQuery(ask('office.arrears'))
  return (
    <section>
      <h2>
        {m.cases.rates} <span className="muted small">{m.cases.ratesHint}</span>
      </h2>
      <table className="case-rates">
        <Heads of={[m.cases.rate, { num: m.cases.value }, m.cases.how]} />
        <tbody>
          {list.map(({ data: f }, i) =>
            !f ? (
              <tr key={RATES[i]}>
                <td colSpan={3}>&nbsp;</td>
              </tr>
            ) : (
              <tr key={f.key}>
                <td>{l(f.title)}</td>
                <td className="num">
                  <Figure figure={f} bold />
                </td>
                <td className="muted">
                  {f.terms.map((t, j) => (
                    <span key={t.key}>
                      {j > 0 && ' ÷ '}
                      {l(t.title)} <Figure figure={t} />
                    </span>
                  ))}
                </td>
              </tr>
            ),
          )}
          {arrears.data && (
            <tr>
              <td>{l(arrears.data.title)}</td>
              <td className="num">
                <Figure figure={arrears.data} bold />
              </td>
              <td className="muted">{m.cases.officeHow}</td>
            </tr>
          )}
        </tbody>
      </table>
    </section>
  )
}

/** How many of the cases closed in the last month were looked back at. */
function LastLooks() {
  const { m } = useI18n()
  const { unit } = useScope()
  const q = { unit, month: undefined }
  const { data } = useQuery({ queryKey: ['look-backs', q], queryFn: ({ signal }) => get('/look-backs', q, signal) })
  const x = data?.months[0]
  if (!x) return null
  return (
    <p className="case-looked" data-testid="last-looks">
      <Link to="/look-backs" search={{}}>
        {m.cases.looks}
      </Link>{' '}
      <span className="muted">
        {!x.opened
          ? m.cases.looksWait({ month: x.month, closed: x.closed, t: tableTime(x.opens) })
          : x.drawn === 0
            ? m.cases.looksNone({ month: x.month, closed: x.closed })
            : m.cases.looksLine({ month: x.month, closed: x.closed, drawn: x.drawn, done: x.passed + x.failed })}
      </span>
    </p>
  )
}
