import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, type ReactNode } from 'react'
import { get } from '../../api/client'
import { int, tableTime } from '../../shared/format'
import { Figure } from '../ui/Figure'
import { Pager } from '../ui/Pager'
import { PhoneScope } from '../ui/Scope'
import { Loaded, State } from '../ui/States'
import { can, useMe, useScope, useTitle, useUrl } from '../ui/hooks'
import { useAct } from '../ui/useAct'
import { Item } from './parts'
import { useAsk } from './TaskDialogs'
import type { Decision } from './types'
import { useI18n } from './texts'
import './dispatch.css'

const SIZE = 50
const FILTERS = ['running', 'late', 'reported', 'done', 'carried', 'dropped', 'all'] as const
const RATES = ['decisions.rate', 'decisions.in_time_rate'] as const

/** What meetings decided, what runs first and in the order of deadlines. */
export default function DecisionsPage() {
  const { m, lang } = useI18n()
  useTitle(m.dis.decisions)
  const me = useMe()
  const { unit } = useScope()
  const [search, set] = useUrl()
  const { act } = useAct()
  const { setAsk, accept, dialog } = useAsk()
  const mine = !!search.mine
  const filter = FILTERS.find(f => f === search.state) ?? (search.open ? 'all' : 'running')
  const q = { unit, state: filter === 'all' || mine ? undefined : filter, mine: mine || undefined, q: search.q, page: search.page ?? 1, size: SIZE }
  const query = useQuery({ queryKey: ['decisions', q], queryFn: ({ signal }) => get('/decisions', q, signal), placeholderData: keepPreviousData })
  // One that a piece of news names is read by itself: it may stand on another page of the list.
  const named = useQuery({ queryKey: ['decision', search.open], queryFn: ({ signal }) => get('/decisions/{id}', { id: search.open! }, signal), enabled: !!search.open })
  useEffect(() => {
    if (named.data) document.getElementById(named.data.id)?.scrollIntoView({ block: 'center' })
  }, [named.data])
  const counts = query.data?.counts ?? {}
  const n = (f: (typeof FILTERS)[number]) => (f === 'running' ? (counts.open ?? 0) + (counts.reported ?? 0) : f === 'all' ? ['open', 'reported', 'done', 'carried', 'dropped'].reduce((a, k) => a + (counts[k] ?? 0), 0) : (counts[f] ?? 0))
  const choose = (f: string, own = false) => set({ state: f === 'running' ? undefined : f, mine: own ? '1' : undefined, page: undefined, open: undefined })
  const item = (d: Decision, more?: ReactNode) => (
    <Item key={d.id} d={d} settled onAsk={setAsk} onAccept={x => void act(() => accept(x))}>
      {more}
    </Item>
  )
  return (
    <div className="page dis-page">
      <PhoneScope />
      <h1 className="unseen">{m.dis.decisions}</h1>
      {can(me, 'figure.read') && <Rates />}
      <nav className="tabs gap-3 dis-tabs" aria-label={m.common.state}>
        {FILTERS.map(f => (
          <button key={f} type="button" aria-current={filter === f && !mine ? 'page' : undefined} onClick={() => choose(f)}>
            {m.dis.filters[f]} {!mine && <span className={f === 'late' && n(f) > 0 ? 'dif' : 'faint'}>{int(n(f), lang)}</span>}
          </button>
        ))}
        {can(me, 'plan.report', 'dispatch.edit') && (
          <button type="button" aria-current={mine ? 'page' : undefined} onClick={() => choose('running', true)}>
            {m.dis.mine}
          </button>
        )}
      </nav>
      <label className="dis-find">
        <span className="unseen">{m.dis.findDecision}</span>
        <input className="input" type="search" value={search.q ?? ''} placeholder={m.dis.findDecision} onChange={e => set({ q: e.target.value || undefined, page: undefined }, { replace: true })} />
      </label>
      {named.data && <ol className="dis-items dis-named">{item(named.data, <Log events={named.data.events} />)}</ol>}
      <Loaded query={query} rows={6}>
        {d =>
          d.rows.length === 0 ? (
            <State kind={search.q || filter !== 'running' || mine ? 'nomatch' : 'empty'} title={m.dis.decisionsNone}>
              {m.dis.decisionsNoneHint}
            </State>
          ) : (
            <>
              <p className="total gap-2" data-testid="decisions-total">
                <b>{m.dis.decisionsTotal({ n: d.total })}</b>
              </p>
              <ol className="dis-items">{d.rows.filter(x => x.id !== named.data?.id).map(x => item(x))}</ol>
              <Pager page={d.page} size={SIZE} total={d.total} go={page => set({ page })} />
            </>
          )
        }
      </Loaded>
      {dialog}
    </div>
  )
}

/** What happened to a decision, as it came. */
function Log({ events }: { events: { op: string; at: number; by: string; words: string }[] }) {
  const { m } = useI18n()
  return (
    <ol className="dis-log small">
      {events.map((e, i) => (
        <li key={i}>
          <span className="faint nowrap">{tableTime(e.at).slice(2)}</span>
          <span>
            {e.op === 'carry' ? m.dis.opCarry : (m.dis.ops[e.op] ?? e.op)}
            <span className="muted"> {e.by || m.dis.system}</span>
            {e.words && <span className="muted">{m.common.colon + e.words}</span>}
          </span>
        </li>
      ))}
    </ol>
  )
}

/** The rates of the period with both their terms. */
function Rates() {
  const { m, l } = useI18n()
  const { unit, period } = useScope()
  const ask = (key: string) => ({ queryKey: ['figure', key, unit, period], queryFn: ({ signal }: { signal: AbortSignal }) => get('/figures/{key}', { key, unit, period }, signal) })
  const list = [useQuery(ask(RATES[0])), useQuery(ask(RATES[1]))]
  return (
    <p className="dis-rates" aria-label={m.dis.rates}>
      {list.map(
        ({ data: f }) =>
          f && (
            <span key={f.key}>
              {l(f.title)} <Figure figure={f} bold />{' '}
              <span className="muted small">
                {f.terms.map((t, j) => (
                  <span key={t.key}>
                    {j > 0 && ' ÷ '}
                    {l(t.title)} <Figure figure={t} />
                  </span>
                ))}
              </span>
            </span>
          ),
      )}
    </p>
  )
}
