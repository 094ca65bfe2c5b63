import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { get, send } from '../../api/client'
import type { Kind } from '../../api/answers'
import { Dialog } from '../ui/Dialog'
import { useProblemText } from '../ui/States'
import { toast } from '../ui/Toast'
import { useScope, useUrl } from '../ui/hooks'
import { useEntryChanged } from './entry'
import { useI18n } from './texts'

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
      <div className="list-bulk" role="status">
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
                <span key={why} className="muted">
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
    <div className="list-bulk" role="region" aria-label={m.lists.chosen({ n: chosen.length })}>
      <b>{all ? m.lists.allChosen({ n: e?.chosen ?? waiting }) : m.lists.chosen({ n: chosen.length })}</b>
      {!all && waiting > chosen.length && (
        <button type="button" className="link" onClick={() => setAll(true)}>
          {m.lists.chooseAll({ n: waiting })}
        </button>
      )}
      <span className="muted grow">
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
