import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { get, send } from '../../api/client'
import { int } from '../../shared/format'
import { FormDialog } from '../ui/Dialog'
import { Figure } from '../ui/Figure'
import { Icon } from '../ui/Icon'
import { Pager } from '../ui/Pager'
import { PhoneScope } from '../ui/Scope'
import { Loaded, State } from '../ui/States'
import { Heads } from '../ui/Table'
import { toast } from '../ui/Toast'
import { Verbs } from '../ui/Verbs'
import { can, useMe, useScope, useTitle, useUrl } from '../ui/hooks'
import { PlaceState } from './parts'
import { useI18n } from './texts'
import './place.css'

const STATES = ['open', 'proposed', 'consulted', 'approved', 'suspended', 'retired', 'dropped']
/** The figure that counts a type's places in use. */
const FIGURES: Record<string, string> = { 'dropoff-point': 'places.dropoff', 'transfer-station': 'stations.transfer', 'compost-house': 'places.compost' }
const SIZE = 100

export default function PlacesPage() {
  const { m, l, lang } = useI18n()
  useTitle(m.places.title)
  const me = useMe()
  const { unit, period } = useScope()
  const [search, set] = useUrl()
  const [asking, setAsking] = useState(false)
  const q = { unit, type: search.type, state: search.state, q: search.q, page: search.page ?? 1, size: SIZE }
  const query = useQuery({ queryKey: ['places', q], queryFn: ({ signal }) => get('/places', q, signal), placeholderData: keepPreviousData })
  const figure = FIGURES[search.type ?? 'dropoff-point']!
  const value = useQuery({
    queryKey: ['figure', figure, unit, period],
    queryFn: ({ signal }) => get('/figures/{key}', { key: figure, unit, period }, signal),
    enabled: can(me, 'figure.read'),
  })
  const d = query.data
  const all = d ? Object.values(d.by_state).reduce((n, x) => n + x, 0) : 0
  const narrow = search.q || search.state || search.type
  return (
    <div className="page place-page">
      <PhoneScope period={false} />
      <h1 className="unseen">{m.places.title}</h1>
      <Verbs>
        <Link className="btn" to="/points/map" search={{ type: search.type, state: search.state }}>
          <Icon name="pin" />
          {m.places.map}
        </Link>
        <Link className="btn no-phone" to="/points/labels" search={{ type: search.type, state: search.state ?? 'open' }}>
          <Icon name="print" />
          {m.places.labels}
        </Link>
        {can(me, 'place.propose') && (
          <Link className="btn primary" to="/points/new" search={{}}>
            <Icon name="plus" />
            {m.places.propose}
          </Link>
        )}
      </Verbs>
      <p className="muted">{m.places.lead}</p>
      {d && !d.takeover.done && d.takeover.ready + d.takeover.waiting > 0 && (
        <p className="hint gap-3">
          <Icon name="warn" />
          <span className="grow">
            {m.places.takeover({ n: d.takeover.ready })}
            {d.takeover.waiting > 0 && m.places.takeoverWaiting({ n: d.takeover.waiting })}
          </span>
          {can(me, 'place.approve') && d.takeover.waiting === 0 && (
            <button type="button" className="btn slim" onClick={() => setAsking(true)}>
              {m.places.takeoverAct}
            </button>
          )}
        </p>
      )}
      <nav className="tabs place-tabs gap-3" aria-label={m.common.state}>
        <button type="button" aria-current={search.state ? undefined : 'page'} onClick={() => set({ state: undefined, page: undefined })}>
          {m.common.all} <span className="faint">{int(all, lang)}</span>
        </button>
        {STATES.filter(s => d?.by_state[s] || search.state === s).map(s => (
          <button key={s} type="button" aria-current={search.state === s ? 'page' : undefined} onClick={() => set({ state: s, page: undefined })}>
            {m.places.states[s]} <span className="faint">{int(d?.by_state[s] ?? 0, lang)}</span>
          </button>
        ))}
      </nav>
      <div className="row wrap place-filter gap-3">
        <label className="row">
          <span className="muted">{m.places.type}</span>
          <select className="input" value={search.type ?? ''} onChange={e => set({ type: e.target.value || undefined, page: undefined })}>
            <option value="">{m.places.allTypes}</option>
            {d?.types.map(t => (
              <option key={t.key} value={t.key}>
                {l(t.title)}
              </option>
            ))}
          </select>
        </label>
        <label className="grow">
          <span className="unseen">{m.places.search}</span>
          <input className="input" type="search" value={search.q ?? ''} placeholder={m.places.search} onChange={e => set({ q: e.target.value || undefined, page: undefined }, { replace: true })} />
        </label>
      </div>
      <Loaded query={query} rows={8}>
        {x =>
          x.rows.length === 0 ? (
            <State
              kind={narrow ? 'nomatch' : 'empty'}
              title={narrow ? m.places.noMatch : m.places.empty}
              actions={
                narrow ? (
                  <button type="button" className="btn" onClick={() => set({ q: undefined, state: undefined, type: undefined, page: undefined })}>
                    {m.common.clear}
                  </button>
                ) : undefined
              }
            >
              {narrow ? '' : m.places.emptyHint}
            </State>
          ) : (
            <>
              <p className="total gap-3" data-testid="places-total">
                <b>{m.places.total({ n: x.total })}</b>
                {value.data && !search.q && (!search.state || search.state === 'open') && (
                  <span className="muted">
                    {'　'}
                    {l(value.data.title)} <Figure figure={value.data} bold /> {l(value.data.unit_of)}
                  </span>
                )}
              </p>
              <div className="place-scroll">
                <table className="table place-table" style={query.isPlaceholderData ? { opacity: 0.5 } : undefined}>
                  <Heads of={[m.places.code, m.places.name, m.places.type, m.common.unit, m.common.state, m.places.since, { num: m.places.households }, { num: m.places.bins }]} />
                  <tbody>
                    {x.rows.map(r => (
                      <tr key={r.id} className={r.state === 'retired' || r.state === 'dropped' ? 'off' : undefined}>
                        <td className="nowrap">
                          <code>{r.code}</code>
                        </td>
                        <td>
                          <Link to="/points/$id" params={{ id: r.id }} search={{}}>
                            {r.name}
                          </Link>
                        </td>
                        <td className="nowrap">{l(r.type_title)}</td>
                        <td className="muted">{r.unit.path.replace(/\//g, ' / ')}</td>
                        <td className="nowrap">
                          <PlaceState state={r.state} />
                        </td>
                        <td className="nowrap">{r.from ?? ''}</td>
                        <td className="num">{r.households > 0 ? int(r.households, lang) : ''}</td>
                        <td className="num">{r.bins > 0 ? int(r.bins, lang) : ''}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
              <Pager page={x.page} size={SIZE} total={x.total} go={page => set({ page })} />
            </>
          )
        }
      </Loaded>
      {asking && <TakeOver onClose={() => setAsking(false)} />}
    </div>
  )
}

function TakeOver({ onClose }: { onClose: () => void }) {
  const { m } = useI18n()
  const client = useQueryClient()
  const go = async () => {
    const r = await send('post', '/place-takeover', {}, {})
    toast(m.places.taken({ n: r.carried }))
    onClose()
    void client.invalidateQueries({ predicate: q => ['places', 'kinds', 'entries', 'entry', 'figure'].includes(String(q.queryKey[0])) })
  }
  return (
    <FormDialog title={m.places.takeoverAct} onClose={onClose} onSubmit={go}>
      <p>{m.places.takeoverAsk}</p>
    </FormDialog>
  )
}
