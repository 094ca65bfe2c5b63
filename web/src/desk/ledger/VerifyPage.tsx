import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { get, send } from '../../api/client'
import { ProblemError } from '../../api/errors'
import type { Entry } from '../../api/answers'
import { place, shortDay } from '../../shared/format'
import { uuid } from '../../shared/uuid'
import { Icon } from '../ui/Icon'
import { nameOf } from '../ui/Photos'
import { Loaded, State, useProblemText } from '../ui/States'
import { EntryStatus, WaitMark } from '../ui/StatusMark'
import { toast } from '../ui/Toast'
import { useHotkeys, useIsPhone, useMe, useScope, useTitle, useUrl } from '../ui/hooks'
import { useEntry, useEntryChanged } from './entry'
import type { Queue } from './types'
import { useI18n } from './texts'
import { Record } from './VerifyRecord'
import { DecisionBar } from './DecisionBar'
import './ledger.css'
import './verify.css'

export default function VerifyPage() {
  const { m } = useI18n()
  const [search] = useUrl()
  const { unit } = useScope()
  const query = useQuery({
    queryKey: ['queue', search.unit ? unit : undefined, search.kind],
    queryFn: ({ signal }) => get('/queue', { unit: search.unit ? unit : undefined, kind: search.kind }, signal),
    placeholderData: keepPreviousData,
  })
  useTitle(m.verify.page)
  return <Loaded query={query}>{q => <Verify queue={q} />}</Loaded>
}

function Verify({ queue }: { queue: Queue }) {
  const { m, l } = useI18n()
  const me = useMe()
  const phone = useIsPhone()
  const client = useQueryClient()
  const changed = useEntryChanged()
  const problem = useProblemText()
  const [search, set] = useUrl()
  const [gone, setGone] = useState<string[]>([]) // decided here, before the list has been read again
  const [busy, setBusy] = useState(false)
  const [returning, setReturning] = useState(false)
  const rows = queue.rows.filter(r => !gone.includes(r.id))
  // The record that stands open stays open when somebody else has decided it meanwhile: the next key press must not
  // meet another one.
  const [last, setLast] = useState<{ id: string; at: number }>()
  const wanted = search.id ?? (phone ? undefined : last?.id)
  const found = rows.findIndex(r => r.id === wanted)
  const vanished = found < 0 && wanted && wanted === last?.id && !gone.includes(wanted) ? wanted : undefined
  // What stands open is read once more: a filter may have left it out while it still waits.
  const held = useQuery({ queryKey: ['entry', vanished, 'held'], queryFn: ({ signal }) => get('/entries/{id}', { id: vanished! }, signal), enabled: !!vanished, gcTime: 0 })
  const taken = vanished && held.data && held.data.state !== 'submitted' ? held.data : undefined
  const asking = !!vanished && held.isPending
  const at = found >= 0 ? found : phone || taken || asking ? -1 : rows.length ? 0 : -1
  const row = rows[at]
  if (row && (last?.id !== row.id || last.at !== at)) setLast({ id: row.id, at })
  const open = useEntry(row?.id ?? vanished)
  const entry = taken ? held : open
  const pane = useRef<HTMLElement>(null)
  const list = useRef<HTMLOListElement>(null)
  const prefetch = rows[taken ? (last?.at ?? 0) : at + 1]?.id
  useEffect(() => {
    if (prefetch)
      void client.prefetchQuery({ queryKey: ['entry', prefetch], queryFn: ({ signal }) => get('/entries/{id}', { id: prefetch }, signal) })
  }, [prefetch, client])
  useEffect(() => {
    pane.current?.scrollTo({ top: 0 })
    list.current?.querySelector('.on')?.scrollIntoView({ block: 'nearest' })
  }, [row?.id])

  const go = (i: number) => {
    const to = rows[Math.min(Math.max(i, 0), rows.length - 1)]
    if (to) set({ id: to.id }, { replace: true })
    else set({ id: undefined }, { replace: true })
    if (taken) setLast(undefined)
    setReturning(false)
  }
  /** Somebody else was faster: say who, and go on. */
  const passOver = (e: Entry) => {
    const by = doneBy(e)
    toast(m.verify.taken({ no: e.number, name: by ? nameOf(by.by) : '', what: m.entry.done[e.state === 'returned' ? 'return' : e.state === 'void' ? 'void' : e.state === 'draft' ? 'withdraw' : 'verify'] }))
    setLast(undefined)
    go(taken ? (last?.at ?? 0) : Math.min(at + 1, rows.length - 1) === at ? at - 1 : at + 1)
    void changed()
  }
  const decide = async (op: 'verify' | 'return', reason?: string) => {
    if (taken) return passOver(taken)
    const e = entry.data
    if (!e || busy || e.id !== row?.id) return
    setBusy(true)
    const next = rows[at + 1] ?? rows[at - 1]
    try {
      await send('post', `/entries/{id}/${op}`, { id: e.id }, reason === undefined ? undefined : { reason }, { rev: e.rev, op: uuid() })
      setGone(g => [...g, e.id])
      setReturning(false)
      set({ id: phone ? undefined : next?.id }, { replace: true })
      if (phone && next) set({ id: next.id }, { replace: true })
      toast(op === 'verify' ? m.verify.passed({ no: e.number }) : m.verify.returned({ no: e.number }))
      void changed().then(() => setGone(g => g.filter(x => x !== e.id)))
    } catch (x) {
      if (x instanceof ProblemError && (x.problem.status === 412 || x.problem.status === 409)) {
        const now = await get('/entries/{id}', { id: e.id }).catch(() => null)
        if (now) client.setQueryData(['entry', e.id], now)
        if (now && now.state !== 'submitted') {
          setGone(g => [...g, e.id])
          passOver(now)
          return
        }
        toast.bad(m.verify.edited) // still waiting, but no longer what stood here
        void changed()
      } else toast.bad(problem(x))
    } finally {
      setBusy(false)
    }
  }
  useHotkeys({
    a: () => void decide('verify'),
    r: () => row && setReturning(true),
    j: () => go(taken ? (last?.at ?? 0) : at + 1),
    k: () => go(at - 1),
    arrowdown: () => go(taken ? (last?.at ?? 0) : at + 1),
    arrowup: () => go(at - 1),
    escape: () => (returning ? setReturning(false) : search.fig ? set({ fig: undefined }, { replace: true }) : phone && set({ id: undefined })),
  })

  const total = queue.total - gone.length
  return (
    <div className={(row || taken || asking) && phone ? 'app verify-page one' : 'app verify-page'}>
      <aside className="queue" aria-label={m.verify.queue}>
        <header>
          <h1>
            {m.verify.title} <span className="faint">{Math.max(total, 0)}</span>
          </h1>
          {queue.by_kind.length > 1 && (
            <div className="kinds">
              <button
                type="button"
                className={search.kind ? '' : 'on'}
                aria-pressed={!search.kind}
                onClick={() => {
                  setLast(undefined)
                  set({ kind: undefined, id: undefined })
                }}
              >
                {m.common.all} {queue.by_kind.reduce((n, k) => n + k.n, 0)}
              </button>
              {queue.by_kind.map(k => (
                <button
                  type="button"
                  key={k.kind}
                  className={search.kind === k.kind ? 'on' : ''}
                  aria-pressed={search.kind === k.kind}
                  onClick={() => {
                    setLast(undefined)
                    set({ kind: k.kind, id: undefined })
                  }}
                >
                  {l(k.title)} {k.n}
                </button>
              ))}
            </div>
          )}
          <p className="small faint">{m.verify.order}</p>
        </header>
        <ol className="pane" ref={list}>
          {rows.map((r, i) => (
            <li key={r.id}>
              <button
                type="button"
                className={i === at ? 'queue-row on' : 'queue-row'}
                aria-current={i === at ? 'true' : undefined}
                onClick={() => {
                  setLast(undefined)
                  set({ id: r.id }, { replace: !phone })
                }}
              >
                <span className="row">
                  <span className="grow cut strong">{r.title || r.number}</span>
                  <WaitMark late={r.late_days} waiting={r.waiting_days} />
                </span>
                <span className="row small faint">
                  <span className="grow cut">
                    {place(r.unit)}　{shortDay(r.from, me.today)}
                  </span>
                  {r.reason ? <span className="tag">{m.verify.again}</span> : r.hints.length > 0 && <span className="tag">{m.verify.hint}</span>}
                </span>
              </button>
            </li>
          ))}
        </ol>
        <p className="foot small muted">{m.verify.today({ v: queue.done_today.verified, r: queue.done_today.returned })}</p>
      </aside>
      {row || taken || asking ? (
        <>
          <section className="pane rec" ref={pane} aria-busy={busy} aria-label={m.verify.record}>
            {taken && (
              <p className="hint soft verify-taken" role="status">
                <Icon name="check" />
                <span>
                  {m.verify.takenHere({ name: nameOf(doneBy(taken)?.by) })}
                  {m.common.sep}
                  <EntryStatus state={taken.state} />
                </span>
              </p>
            )}
            <Loaded query={entry}>
              {e => <Record entry={e} nth={taken ? '' : m.verify.nth({ a: at + 1, b: rows.length })} onBack={() => set({ id: undefined })} />}
            </Loaded>
          </section>
          <DecisionBar
            busy={busy || asking || !entry.data}
            returning={returning}
            setReturning={setReturning}
            onPass={() => void decide('verify')}
            onReturn={r => void decide('return', r)}
            onPrevious={() => go(at - 1)}
            onNext={() => go(taken ? (last?.at ?? 0) : at + 1)}
            first={!!taken || at <= 0}
            last={taken ? rows.length === 0 : at >= rows.length - 1}
            mayReturn={taken ? false : (entry.data?.may.return ?? true)}
            mayPass={taken ? false : (entry.data?.may.verify ?? true)}
          />
        </>
      ) : rows.length === 0 ? (
        <section className="pane rec whole">
          <State
            kind="done"
            title={m.verify.allDone}
            actions={
              search.kind ? (
                <button type="button" className="btn" onClick={() => set({ kind: undefined })}>
                  {m.common.all}
                </button>
              ) : (
                <Link className="btn" to="/bench" search={{}}>
                  {m.states.toBench}
                </Link>
              )
            }
          >
            {m.verify.allDoneHint}
          </State>
        </section>
      ) : null}
    </div>
  )
}

/** Who decided a record last. */
const doneBy = (e: Entry) => [...e.history].sort((a, b) => b.at - a.at).find(h => ['verify', 'return', 'void', 'withdraw'].includes(h.op))
