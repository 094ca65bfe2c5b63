import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { get, send, type Item } from '../../api/client'
import type { Kind } from '../../api/answers'
import { Dialog } from '../ui/Dialog'
import { Icon } from '../ui/Icon'
import { Pop } from '../ui/Pop'
import { useProblemText } from '../ui/States'
import { toast } from '../ui/Toast'
import { useScope, useUrl, type DeskSearch } from '../ui/hooks'
import { useEntryChanged } from './entry'
import { isBlob, listFields } from './fields'
import { useI18n } from './texts'

type Saved = Item<'/views'>

const KEPT: (keyof DeskSearch)[] = ['unit', 'period', 'state', 'q', 'sort', 'is', 'cols', 'mine']

/** Lists that were named: one's own and one's office's. A view is the list's own address. */
export function ViewsMenu({ kind }: { kind: Kind }) {
  const { m } = useI18n()
  const [search, set] = useUrl()
  const client = useQueryClient()
  const problem = useProblemText()
  const [saving, setSaving] = useState(false)
  const [name, setName] = useState('')
  const [shared, setShared] = useState(false)
  const query = useQuery({ queryKey: ['views'], queryFn: ({ signal }) => get('/views', {}, signal), staleTime: 60_000 })
  const again = () => client.invalidateQueries({ queryKey: ['views'] })
  const save = useMutation({
    mutationFn: () => {
      const q = new URLSearchParams()
      for (const k of KEPT) if (search[k] !== undefined) q.set(k, String(search[k]))
      return send('post', '/views', {}, { kind: kind.key, name, query: q.toString(), shared })
    },
    onSuccess: () => {
      toast(m.lists.saved)
      setSaving(false)
      setName('')
    },
    onError: e => toast.bad(problem(e)),
    onSettled: again,
  })
  const forget = useMutation({
    mutationFn: (id: string) => send('delete', '/views/{id}', { id }),
    onSuccess: () => toast(m.lists.forgot),
    onError: e => toast.bad(problem(e)),
    onSettled: again,
  })
  const open = (v: Saved) => {
    const q = new URLSearchParams(v.query)
    const next: Record<string, unknown> = { page: undefined, open: undefined, counts_in: undefined }
    for (const k of KEPT) next[k] = q.get(k) ?? undefined
    if (next.unit) next.unit = Number(next.unit)
    set(next as Partial<DeskSearch>)
  }
  const items = (query.data?.items ?? []).filter(v => v.kind === kind.key)
  return (
    <>
      <Pop
        menu
        className="btn no-phone"
        popClass="pop views"
        button={
          <>
            {m.lists.views}
            <Icon name="down" />
          </>
        }
      >
        {close => (
          <>
            {items.length === 0 && <p className="t3 empty">{m.lists.noViews}</p>}
            {([false, true] as const).map(share => {
              const list = items.filter(v => v.shared === share)
              return (
                list.length > 0 && (
                  <div key={String(share)}>
                    <p className="t3 sm hd">{share ? m.lists.shared : m.lists.mine}</p>
                    {list.map(v => (
                      <span key={v.id} className="one">
                        <button
                          type="button"
                          className="opt"
                          onClick={() => {
                            open(v)
                            close()
                          }}
                        >
                          {v.name}
                        </button>
                        {v.mine && (
                          <button type="button" className="btn icon s" aria-label={m.lists.forget({ name: v.name })} onClick={() => forget.mutate(v.id)}>
                            <Icon name="close" />
                          </button>
                        )}
                      </span>
                    ))}
                  </div>
                )
              )
            })}
            <div className="sep" />
            <button
              type="button"
              className="opt"
              onClick={() => {
                close()
                setSaving(true)
              }}
            >
              <Icon name="plus" />
              {m.lists.save}
            </button>
          </>
        )}
      </Pop>
      {saving && (
        <Dialog title={m.lists.saveTitle} onClose={() => setSaving(false)} onSubmit={() => name.trim() && save.mutate()} submit={m.common.save} busy={save.isPending}>
          <div className="field">
            <label htmlFor="view-name">{m.lists.name}</label>
            <input id="view-name" data-autofocus className="input" maxLength={40} value={name} onChange={e => setName(e.target.value)} />
          </div>
          <label className="lt-check">
            <input type="checkbox" checked={shared} onChange={e => setShared(e.target.checked)} />
            {m.lists.share}
          </label>
        </Dialog>
      )}
    </>
  )
}

/** Which fields a list shows: the person's choice, kept on the device and in a view. */
export function useColumnsOf(kind: Kind) {
  const [search, set] = useUrl()
  const store = `sifen.columns.${kind.key}`
  const standard = listFields(kind).map(f => f.key)
  const [own, setOwn] = useState<string[] | null>(() => {
    try {
      const c = JSON.parse(localStorage.getItem(store) ?? 'null') as unknown
      return Array.isArray(c) ? (c as string[]) : null
    } catch {
      return null
    }
  })
  const chosen = search.cols !== undefined ? search.cols.split(',') : (own ?? standard)
  const fields = kind.fields.filter(f => chosen.includes(f.key) && !isBlob(f))
  const choose = (keys: string[] | null) => {
    setOwn(keys)
    try {
      if (keys) localStorage.setItem(store, JSON.stringify(keys))
      else localStorage.removeItem(store)
    } catch {
      // lasts for this page
    }
    set({ cols: undefined }, { replace: true })
  }
  return { fields, chosen, standard, choose }
}

export function ColumnsMenu({ kind, columns }: { kind: Kind; columns: ReturnType<typeof useColumnsOf> }) {
  const { m, l } = useI18n()
  return (
    <Pop
      menu
      right
      className="btn no-phone"
      popClass="pop views"
      button={
        <>
          {m.lists.columns}
          <Icon name="down" />
        </>
      }
    >
      {() => (
        <>
          <p className="t3 sm hd">{m.lists.columnsHint}</p>
          {kind.fields
            .filter(f => !isBlob(f) && f.key !== kind.title_field)
            .map(f => (
              <label key={f.key} className="lt-check">
                <input
                  type="checkbox"
                  checked={columns.chosen.includes(f.key)}
                  onChange={e => columns.choose(e.target.checked ? [...columns.chosen, f.key] : columns.chosen.filter(k => k !== f.key))}
                />
                {l(f.title)}
              </label>
            ))}
          <div className="sep" />
          <button type="button" className="opt" onClick={() => columns.choose(null)}>
            {m.lists.standard}
          </button>
        </>
      )}
    </Pop>
  )
}

export const parseIs = (is: string | undefined) => new Map((is ?? '').split(',').filter(Boolean).map(x => [x.slice(0, x.indexOf(':')), x.slice(x.indexOf(':') + 1)]))
export const joinIs = (is: Map<string, string>) => [...is].map(([k, v]) => `${k}:${v}`).join(',') || undefined

/** Filters made from the kind's own fields. */
export function FieldFilters({ kind }: { kind: Kind }) {
  const { m, l } = useI18n()
  const [search, set] = useUrl()
  const is = parseIs(search.is)
  const fields = kind.fields.filter(f => f.type === 'choice' || f.type === 'bool')
  const put = (key: string, value: string) => {
    const next = new Map(is)
    if (value) next.set(key, value)
    else next.delete(key)
    set({ is: joinIs(next), page: undefined, open: undefined })
  }
  return fields.map(f => (
    <label className="fl no-phone" key={f.key}>
      <span>{l(f.title)}</span>
      <select className="input" value={is.get(f.key) ?? ''} onChange={e => put(f.key, e.target.value)}>
        <option value="">{m.lists.any}</option>
        {f.type === 'bool' ? (
          <>
            <option value="true">{m.common.yes}</option>
            <option value="false">{m.common.no}</option>
          </>
        ) : (
          f.options?.map(o => (
            <option key={o.key} value={o.key}>
              {l(o.title)}
            </option>
          ))
        )}
      </select>
    </label>
  ))
}

/** Decides on many at once: what is chosen, what of it is eligible, and a moment to undo. */
export function BulkBar({ kind, chosen, waiting, clear }: { kind: Kind; chosen: string[]; waiting: number; clear: () => void }) {
  const { m } = useI18n()
  const { unit, period } = useScope()
  const [search] = useUrl()
  const changed = useEntryChanged()
  const problem = useProblemText()
  const [all, setAll] = useState(false)
  const [asking, setAsking] = useState(false)
  const [reason, setReason] = useState('')
  const [run, setRun] = useState<string | null>(null)
  const choice = all ? { all: true, kind: kind.key, unit, period, ...(search.q ? { q: search.q } : {}), ...(search.is ? { is: search.is.split(',') } : {}) } : { ids: chosen }
  const preview = useQuery({
    queryKey: ['bulk-preview', choice],
    queryFn: () => send('post', '/bulk/preview', {}, choice),
    enabled: chosen.length > 0 && !run,
  })
  const order = useMutation({
    mutationFn: (op: 'verify' | 'return') => send('post', '/bulk', {}, { op, ...choice, ...(op === 'return' ? { reason } : {}) }),
    onSuccess: b => {
      setAsking(false)
      setRun(b.id)
    },
    onError: e => toast.bad(problem(e)),
  })
  const watch = useQuery({
    queryKey: ['bulk', run],
    queryFn: ({ signal }) => get('/bulk/{id}', { id: run! }, signal),
    enabled: !!run,
    refetchInterval: q => (q.state.data?.state === 'done' || q.state.data?.state === 'cancelled' ? false : 500),
  })
  const b = watch.data
  useEffect(() => {
    if (b?.state === 'done') void changed()
  }, [b?.state, changed])
  const callOff = useMutation({
    mutationFn: () => send('delete', '/bulk/{id}', { id: run! }),
    onSuccess: () => {
      toast(m.lists.calledOff)
      setRun(null)
    },
    onError: e => toast.bad(problem(e)),
  })
  const op = b?.op === 'return' ? 'return' : 'verify'
  if (run)
    return (
      <div className="lt-bulk" role="status">
        {!b || b.state === 'waiting' ? (
          <>
            <b className="grow">{m.lists.ordered[op]({ n: b?.total ?? 0 })}</b>
            <button type="button" className="btn" disabled={callOff.isPending} onClick={() => callOff.mutate()}>
              {m.lists.callOff}
            </button>
          </>
        ) : b.state === 'running' ? (
          <>
            <span className="grow">{m.lists.running({ a: b.done, b: b.total })}</span>
            <progress max={b.total} value={b.done} aria-label={m.lists.running({ a: b.done, b: b.total })} />
          </>
        ) : (
          <>
            <span className="grow">
              <b>{m.lists.done[op]({ n: b.passed })}</b>
              {Object.entries(b.stayed).map(([why, count]) => (
                <span key={why} className="t2">
                  　{m.lists.stayed({ n: count, why })}
                </span>
              ))}
            </span>
            <button
              type="button"
              className="btn"
              onClick={() => {
                setRun(null)
                setAll(false)
                clear()
              }}
            >
              {m.common.close}
            </button>
          </>
        )}
      </div>
    )
  if (chosen.length === 0) return null
  const e = preview.data
  const can = e?.eligible ?? 0
  return (
    <div className="lt-bulk" role="region" aria-label={m.lists.chosen({ n: chosen.length })}>
      <b>{all ? m.lists.allChosen({ n: e?.chosen ?? waiting }) : m.lists.chosen({ n: chosen.length })}</b>
      {!all && waiting > chosen.length && (
        <button type="button" className="link" onClick={() => setAll(true)}>
          {m.lists.chooseAll({ n: waiting })}
        </button>
      )}
      <span className="t2 grow">
        {e && [m.lists.eligible({ n: can }), e.own > 0 ? m.lists.own({ n: e.own }) : '', e.other > 0 ? m.lists.other({ n: e.other }) : ''].filter(Boolean).join(m.common.sep)}
      </span>
      <button type="button" className="btn primary" disabled={!can || order.isPending} onClick={() => order.mutate('verify')}>
        {m.lists.verify({ n: can })}
      </button>
      <button type="button" className="btn" disabled={!can || order.isPending} onClick={() => setAsking(true)}>
        {m.lists.giveBack({ n: can })}
      </button>
      <button
        type="button"
        className="btn quiet"
        onClick={() => {
          setAll(false)
          clear()
        }}
      >
        {m.common.cancel}
      </button>
      {asking && (
        <Dialog title={m.lists.giveBackTitle({ n: can })} onClose={() => setAsking(false)} onSubmit={() => reason.trim() && order.mutate('return')} submit={m.lists.giveBack({ n: can })} busy={order.isPending}>
          <div className="field">
            <label htmlFor="bulk-reason">{m.lists.reason}</label>
            <textarea id="bulk-reason" data-autofocus className="input" rows={3} maxLength={500} value={reason} onChange={x => setReason(x.target.value)} />
          </div>
        </Dialog>
      )}
    </div>
  )
}
