import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { get, send } from '../../api/client'
import { addDays, longDay, periodSpan, tableTime } from '../../shared/format'
import { DayInput } from '../ui/DayInput'
import { FormDialog } from '../ui/Dialog'
import { FieldBox, SelectField, TextArea } from '../ui/Field'
import { Icon } from '../ui/Icon'
import { UnitSelect } from '../ui/Scope'
import { Loaded, State } from '../ui/States'
import { Table } from '../ui/Table'
import { toast } from '../ui/Toast'
import { Verbs } from '../ui/Verbs'
import { can, useKinds, useMe, useScope, useTitle } from '../ui/hooks'
import type { Lock } from './types'
import { useI18n } from './texts'

export default function LocksPage() {
  const { m, l, lang } = useI18n()
  useTitle(m.locks.title)
  const me = useMe()
  const client = useQueryClient()
  const kinds = useKinds()
  const query = useQuery({ queryKey: ['locks'], queryFn: ({ signal }) => get('/locks', {}, signal) })
  const [adding, setAdding] = useState(false)
  const [removing, setRemoving] = useState<Lock | null>(null)
  const again = () => client.invalidateQueries({ predicate: q => ['locks', 'entry', 'entries'].includes(String(q.queryKey[0])) })
  const may = can(me, 'closing.edit')
  const add = may && (
    <button type="button" className="btn primary" onClick={() => setAdding(true)}>
      <Icon name="lock" />
      {m.locks.add}
    </button>
  )
  return (
    <div className="page">
      <h1 className="unseen">{m.locks.title}</h1>
      <Verbs>
        {add}
      </Verbs>
      <p className="muted">{m.locks.why}</p>
      <Loaded query={query}>
        {d =>
          d.items.length === 0 ? (
            <State kind="empty" title={m.locks.none} actions={add}>
              {m.locks.noneHint}
            </State>
          ) : (
            <div style={{ overflowX: 'auto' }}>
              <Table
                className="table gap-3"
                rows={d.items}
                id={x => x.id}
                columns={[
                  { title: m.common.unit, className: 'nowrap', cell: x => x.unit.name },
                  { title: m.common.kind, className: 'nowrap', cell: x => (x.kind ? l(kinds.data?.find(k => k.key === x.kind)?.title) || x.kind : m.locks.all) },
                  { title: m.common.period, className: 'nowrap', cell: x => m.locks.span({ a: longDay(x.from, lang), b: longDay(x.until, lang) }) },
                  { title: m.common.reason, cell: x => x.reason },
                  { title: m.locks.by, className: 'nowrap muted', cell: x => `${x.by} ${tableTime(x.at)}` },
                  {
                    title: <span className="unseen">{m.locks.unlock}</span>,
                    className: 'num',
                    cell: x =>
                      may && (
                        <button type="button" className="btn slim" onClick={() => setRemoving(x)}>
                          {m.locks.unlock}
                        </button>
                      ),
                  },
                ]}
              />
            </div>
          )
        }
      </Loaded>
      {adding && (
        <AddLock
          onClose={() => setAdding(false)}
          onDone={() => {
            setAdding(false)
            void again()
          }}
        />
      )}
      {removing && (
        <RemoveLock
          lock={removing}
          onClose={() => setRemoving(null)}
          onDone={() => {
            setRemoving(null)
            void again()
          }}
        />
      )}
    </div>
  )
}

function AddLock({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const { m, l } = useI18n()
  const scope = useScope()
  const kinds = useKinds()
  const [first, end] = periodSpan(scope.period)
  const [unit, setUnit] = useState<number | undefined>(scope.unit)
  const [kind, setKind] = useState('')
  const [from, setFrom] = useState(first)
  const [last, setLast] = useState(addDays(end, -1))
  const [reason, setReason] = useState('')
  const [fault, setFault] = useState<{ [k: string]: string }>({})
  const check = () => {
    const f: typeof fault = {}
    if (!unit) f.unit = m.form.err.choose({ f: m.common.unit })
    if (!from) f.from = m.form.err.choose({ f: m.common.from })
    if (!last || last < from) f.last = m.form.err.choose({ f: m.locks.lastDay })
    if (!reason.trim()) f.reason = m.entry.needReason
    setFault(f)
    return !Object.keys(f).length
  }
  const add = async (op: string) => {
    await send('post', '/locks', {}, { unit: unit!, ...(kind ? { kind } : {}), from, until: last, reason: reason.trim() }, { op })
    toast(m.locks.done)
    onDone()
  }
  const days = !!unit && !!from && !!last && from <= last
  const waiting = useQuery({
    queryKey: ['entries', 'waiting', unit, kind, from, last],
    queryFn: ({ signal }) => get('/entries/waiting', { unit: unit!, kind, from, until: last }, signal),
    enabled: days,
  })
  return (
    <FormDialog title={m.locks.add} onClose={onClose} check={check} onSubmit={add}>
      <FieldBox label={m.common.unit} error={fault.unit}>
        {a => <UnitSelect id={a.id} label={m.common.unit} value={unit} onChange={setUnit} invalid={a.invalid} describedby={a.describedby} />}
      </FieldBox>
      <SelectField label={m.common.kind} none={m.locks.all} options={kinds.data?.map(k => ({ value: k.key, label: l(k.title) }))} value={kind} onChange={setKind} />
      <div className="grid-2 field">
        <FieldBox label={m.common.from} error={fault.from}>
          {a => <DayInput id={a.id} value={from} onChange={setFrom} invalid={a.invalid} describedby={a.describedby} />}
        </FieldBox>
        <FieldBox label={m.locks.lastDay} error={fault.last}>
          {a => <DayInput id={a.id} value={last} onChange={setLast} invalid={a.invalid} describedby={a.describedby} />}
        </FieldBox>
      </div>
      {days && !!waiting.data?.n && (
        <p className="hint" role="status">
          <Icon name="warn" />
          <span>{m.locks.waiting({ n: waiting.data.n })}</span>
        </p>
      )}
      <TextArea label={m.common.reason} error={fault.reason} value={reason} onChange={setReason} />
    </FormDialog>
  )
}

function RemoveLock({ lock, onClose, onDone }: { lock: Lock; onClose: () => void; onDone: () => void }) {
  const { m, lang } = useI18n()
  const unlock = async () => {
    await send('delete', '/locks/{id}', { id: lock.id })
    toast(m.locks.undone)
    onDone()
  }
  return (
    <FormDialog danger title={m.locks.unlock} onClose={onClose} onSubmit={unlock}>
      <p className="strong">
        {lock.unit.name} {m.locks.span({ a: longDay(lock.from, lang), b: longDay(lock.until, lang) })}
      </p>
      <p className="gap-2">{m.locks.unlockAsk}</p>
    </FormDialog>
  )
}
