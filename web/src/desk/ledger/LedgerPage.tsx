import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link, Navigate, useNavigate, useParams } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { get, url } from '../../api/client'
import type { EntryState, Kind } from '../../api/answers'
import { int, periodName } from '../../shared/format'
import { Combo } from '../ui/Combo'
import { Icon } from '../ui/Icon'
import { PhoneScope } from '../ui/Scope'
import { Failed, Loaded, Missing, Skeleton, State } from '../ui/States'
import { Verbs } from '../ui/Verbs'
import { useHotkeys, useIsPhone, useKinds, useMe, useScope, useTitle, useUrl } from '../ui/hooks'
import { BulkBar } from './BulkBar'
import { ColumnsMenu, useColumnsOf } from './ColumnsMenu'
import { joinIs, parseIs } from './conditions'
import { ViewsMenu } from './ViewsMenu'
import { RecordDrawer } from './RecordDrawer'
import { useI18n } from './texts'
import { STATES } from './states'
import { FilterBar } from './FilterBar'
import { Table, Foot } from './LedgerTable'
import { Cards } from './LedgerCards'
import { TotalLine } from './TotalLine'
import './ledger.css'
const LAST = 'sifen.ledger'

export default function LedgerPage() {
  const { kind: key } = useParams({ strict: false }) as { kind?: string }
  const kinds = useKinds()
  if (!kinds.data) return kinds.error ? <Failed error={kinds.error} retry={() => void kinds.refetch()} /> : <Skeleton rows={8} />
  if (!key) {
    const last = localStorage.getItem(LAST)
    const to = kinds.data.find(k => k.key === last) ?? kinds.data[0]
    return to ? <Navigate to="/ledger/$kind" params={{ kind: to.key }} search={{}} replace /> : <Missing />
  }
  const kind = kinds.data.find(k => k.key === key)
  return kind ? <Ledger kind={kind} kinds={kinds.data} key={key} /> : <Missing />
}

function Ledger({ kind, kinds }: { kind: Kind; kinds: Kind[] }) {
  const { m, l, lang } = useI18n()
  const me = useMe()
  const phone = useIsPhone()
  const { unit, period, unitName } = useScope()
  const [search, set] = useUrl()
  const navigate = useNavigate()
  useTitle(`${l(kind.title)} · ${m.nav.ledger}`)
  useEffect(() => localStorage.setItem(LAST, kind.key), [kind.key])
  const filters = { kind: kind.key, unit, period, state: search.state, q: search.q, mine: search.mine, counts_in: search.counts_in, is: search.is }
  const query = useQuery({
    queryKey: ['entries', filters, search.page ?? 1, search.sort ?? '-day'],
    queryFn: ({ signal }) => get('/entries', { ...filters, page: search.page ?? 1, size: 50, sort: search.sort ?? '-day' }, signal),
    placeholderData: keepPreviousData,
  })
  const data = query.data
  const rows = data?.rows ?? []
  const open = search.open
  const at = rows.findIndex(r => r.id === open)
  const table = useRef<HTMLDivElement>(null)
  const keyword = useRef<HTMLInputElement>(null)
  const [cursor, setCursor] = useState(-1)
  const [chosen, setChosen] = useState<string[]>([])
  const columns = useColumnsOf(kind)
  const choose = (ids: string[], on: boolean) => setChosen(old => (on ? [...new Set([...old, ...ids])] : old.filter(x => !ids.includes(x))))
  const lit = at >= 0 ? at : cursor

  const move = (step: number) => {
    if (!rows.length) return
    const next = Math.min(Math.max(lit + step, 0), rows.length - 1)
    setCursor(next)
    if (open) set({ open: rows[next]!.id }, { replace: true })
    table.current?.querySelectorAll('[data-row]')[next]?.scrollIntoView({ block: 'nearest' })
  }
  const close = () => {
    const row = table.current?.querySelectorAll<HTMLElement>('[data-row] a')[lit]
    setCursor(lit)
    set({ open: undefined }, { replace: true })
    row?.focus()
  }
  useHotkeys({
    j: () => move(1),
    k: () => move(-1),
    arrowdown: () => move(1),
    arrowup: () => move(-1),
    enter: () => lit >= 0 && rows[lit] && set({ open: rows[lit].id }),
    escape: () => (search.fig ? set({ fig: undefined }, { replace: true }) : open ? close() : setCursor(-1)),
    '/': () => keyword.current?.focus(),
    ' ': () => {
      const r = rows[lit]
      if (kind.may.verify && r?.state === 'submitted') choose([r.id], !chosen.includes(r.id))
    },
  })

  const countsIn = search.counts_in
  const countsTitle = countsIn ? l(data?.figures.find(f => f.key === countsIn)?.title) || countsIn : ''
  const chips: { text: string; drop: Partial<typeof search> }[] = []
  if (search.state)
    chips.push({ text: `${m.common.state}${m.common.colon}${m.state[search.state as EntryState] ?? search.state}`, drop: { state: undefined } })
  if (search.q) chips.push({ text: `${m.ledger.keyword}${m.common.colon}${search.q}`, drop: { q: undefined } })
  for (const [key, value] of parseIs(search.is)) {
    const f = kind.fields.find(x => x.key === key)
    const rest = parseIs(search.is)
    rest.delete(key)
    const shown = f?.type === 'bool' ? (value === 'true' ? m.common.yes : m.common.no) : l(f?.options?.find(o => o.key === value)?.title) || value
    chips.push({ text: `${l(f?.title)}${m.common.colon}${shown}`, drop: { is: joinIs(rest) } })
  }
  if (search.mine) chips.push({ text: m.ledger.mine, drop: { mine: undefined } })
  if (countsIn) chips.push({ text: m.ledger.countsIn({ title: countsTitle }), drop: { counts_in: undefined } })
  // Figures stand for the unit and the period: over a narrower list they would contradict the rows.
  const narrow = !!search.q || !!search.is || !!search.mine || (!!search.state && search.state !== 'verified')
  const clear = { state: undefined, q: undefined, is: undefined, mine: undefined, counts_in: undefined, page: undefined, open: undefined }
  const all = data ? STATES.reduce((n, s) => n + (data.by_state[s] ?? 0), 0) : 0
  const tab = (on: boolean, patch: Partial<typeof search>, text: string, n: number, key: string) => (
    <button key={key} type="button" aria-current={on ? 'page' : undefined} onClick={() => set({ ...clear, q: search.q, ...patch })}>
      {text}
      <span className="faint">{int(n, lang)}</span>
    </button>
  )

  return (
    <div className={open ? 'app ledger-page with' : 'app ledger-page'}>
      <div className="list">
        <div className="row ttl">
          <h1 className="unseen">{l(kind.title)}</h1>
          <Combo
            label={`${m.ledger.pickKind}${m.common.colon}${l(kind.title)}`}
            className="kind"
            value={kind.key}
            options={kinds.map(k => ({ value: k.key, label: l(k.title), group: l(k.group_title), search: k.prefix, hint: k.prefix }))}
            onChange={v => v && void navigate({ to: '/ledger/$kind', params: { kind: v }, search: {} })}
            button={<KindTitle kind={kind} />}
          />
          <span className="grow" />
          <ViewsMenu kind={kind} />
          <ColumnsMenu kind={kind} columns={columns} />
          {kind.may.enter && (
            <Link className="btn no-phone" to="/table/$kind" params={{ kind: kind.key }} search={{}}>
              {m.table.link}
            </Link>
          )}
          <Verbs>
          {kind.may.enter && (
            <Link className="btn no-phone" to="/import" search={{ kind: kind.key }}>
              {m.ledger.import}
            </Link>
          )}
          <a className="btn no-phone" href={url('/entries/export', { ...filters })} download>
            <Icon name="download" />
            {m.ledger.export}
          </a>
          {kind.may.enter && (
            <Link className="btn primary" to="/new/$kind" params={{ kind: kind.key }} search={{}}>
              <Icon name="plus" />
              {m.ledger.new}
            </Link>
          )}
          </Verbs>
        </div>
        <PhoneScope />
        <nav className="tabs" aria-label={m.ledger.views}>
          {tab(!search.state && !search.mine && !countsIn, {}, m.ledger.all, all, 'all')}
          {STATES.filter(s => data?.by_state[s] || search.state === s).map(s =>
            tab(search.state === s && !search.mine, { state: s }, m.state[s], data?.by_state[s] ?? 0, s),
          )}
          {!!data?.returned_to_me && tab(!!search.mine, { mine: 'returned' }, m.ledger.mine, data.returned_to_me, 'mine')}
        </nav>
        <FilterBar key={`${search.q}`} inputRef={keyword} kind={kind} />
        {chips.length > 0 && (
          <div className="chips row wrap">
            {chips.map(c => (
              <span className="chip" key={c.text}>
                {c.text}
                <button type="button" aria-label={m.ledger.drop({ t: c.text })} onClick={() => set({ ...c.drop, page: undefined })}>
                  <Icon name="close" />
                </button>
              </span>
            ))}
            {chips.length > 1 && (
              <button type="button" className="link small" onClick={() => set(clear)}>
                {m.ledger.clearAll}
              </button>
            )}
          </div>
        )}
        <TotalLine data={data} kind={kind} narrow={narrow} listed={!countsIn} />
        <div className="pane table-wrap" key={data ? 'rows' : 'wait'} ref={table} style={query.isPlaceholderData ? { opacity: 0.55 } : undefined}>
          <Loaded query={query} rows={10}>
            {d =>
              d.rows.length > 0 ? (
                phone ? (
                  <Cards kind={kind} rows={d.rows} />
                ) : (
                  <Table
                    kind={kind}
                    rows={d.rows}
                    lit={lit}
                    openId={open}
                    fields={columns.fields}
                    chosen={chosen}
                    onChoose={kind.may.verify ? choose : undefined}
                    sort={search.sort ?? '-day'}
                    onSort={s => set({ sort: s, page: undefined })}
                    onOpen={id => set({ open: id }, { replace: !!open })}
                  />
                )
              ) : chips.length ? (
                <State
                  kind="nomatch"
                  title={m.ledger.noMatch({ n: chips.length })}
                  actions={
                    <>
                      {chips.map(c => (
                        <button key={c.text} type="button" className="btn" onClick={() => set({ ...c.drop, page: undefined })}>
                          {m.ledger.drop({ t: c.text.split(m.common.colon).pop()! })}
                        </button>
                      ))}
                      <button type="button" className="btn quiet" onClick={() => set(clear)}>
                        {m.ledger.clearAll}
                      </button>
                    </>
                  }
                >
                  {unitName}
                  {m.common.sep}
                  {periodName(period, lang)}
                  {m.common.stop}
                  {m.ledger.noMatchHint}
                </State>
              ) : (
                <State
                  kind="empty"
                  title={m.ledger.empty({ kind: l(kind.title) })}
                  actions={
                    kind.may.enter && (
                      <>
                        <Link className="btn primary" to="/new/$kind" params={{ kind: kind.key }} search={{}}>
                          {m.ledger.new}
                        </Link>
                        <Link className="btn" to="/import" search={{ kind: kind.key }}>
                          {m.ledger.import}
                        </Link>
                      </>
                    )
                  }
                >
                  {unitName}
                  {m.common.sep}
                  {periodName(period, lang)}
                  {m.common.stop}
                  {kind.may.enter ? m.ledger.emptyHint : m.ledger.emptyRead}
                </State>
              )
            }
          </Loaded>
        </div>
        {kind.may.verify && <BulkBar kind={kind} chosen={chosen} waiting={data?.by_state.submitted ?? 0} clear={() => setChosen([])} />}
        {data && data.total > 0 && (
          <Foot
            data={data}
            onPage={p => {
              set({ page: p === 1 ? undefined : p, open: undefined })
              table.current?.scrollTo({ top: 0 })
            }}
          />
        )}
      </div>
      {open && !search.fig && (
        <RecordDrawer
          id={open}
          kind={kind}
          onPrevious={at > 0 ? () => move(-1) : undefined}
          onNext={at >= 0 && at < rows.length - 1 ? () => move(1) : undefined}
          onClose={close}
          today={me.today}
        />
      )}
    </div>
  )
}

const KindTitle = ({ kind }: { kind: Kind }) => {
  const { l } = useI18n()
  return (
    <>
      {l(kind.title)}
      <Icon name="down" />
    </>
  )
}
