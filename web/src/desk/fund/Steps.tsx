import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { send } from '../../api/client'
import { FormDialog } from '../ui/Dialog'
import { SelectField, TextArea, TextField } from '../ui/Field'
import { toast } from '../ui/Toast'
import { Verbs } from '../ui/Verbs'
import { useAct } from '../ui/useAct'
import { useReason } from '../ui/useReason'
import type { Award } from './types'
import { useI18n } from './texts'

type Asked = 'return' | 'revise' | 'enter' | 'report' | 'cancel' | 'release' | 'recover'
type Keep = (v: Award) => Promise<void>

/** What may be done with a run, the next step last. */
export function Steps({ run }: { run: Award }) {
  const { m } = useI18n()
  const client = useQueryClient()
  const { busy, act } = useAct()
  const [ask, setAsk] = useState<Asked | null>(null)
  const may = (x: string) => run.may.includes(x)
  const keep: Keep = async v => {
    client.setQueryData(['award-run', v.id], v)
    toast(m.common.saved)
    await client.invalidateQueries({ predicate: q => ['awards', 'award-unit', 'award-run', 'me'].includes(String(q.queryKey[0])) })
  }
  const step = (path: '/awards/{id}/review' | '/awards/{id}/publish' | '/awards/{id}/approve' | '/awards/{id}/settle', title: string) => (
    <button type="button" className="btn primary" disabled={busy} onClick={() => void act(async () => keep(await send('post', path, { id: run.id }, {}, { rev: run.attempt })))}>
      {title}
    </button>
  )
  const asking = (what: Asked, title: string, primary = false) => (
    <button type="button" className={primary ? 'btn primary' : 'btn'} onClick={() => setAsk(what)}>
      {title}
    </button>
  )
  const order = async () => keep(await send('post', '/awards/{id}/batches', { id: run.id }, { units: [] }, { rev: run.attempt }))
  return (
    <>
      <Verbs>
        {may('compute') && (
          <button type="button" className="btn" disabled={busy} onClick={() => void act(async () => keep(await send('post', '/awards', {}, { rule: run.rule, from: run.period.from })))}>
            {m.fund.again}
          </button>
        )}
        {may('enter') && asking('enter', m.fund.enter, !may('review'))}
        {may('return') && asking('return', m.fund.returns)}
        {may('revise') && asking('revise', m.fund.revise)}
        {may('recover') && asking('recover', m.fund.recover)}
        {may('release') && asking('release', m.fund.release)}
        {may('report') && asking('cancel', m.fund.cancel)}
        {may('review') && step('/awards/{id}/review', m.fund.review)}
        {may('publish') && step('/awards/{id}/publish', m.fund.publish)}
        {may('approve') && step('/awards/{id}/approve', m.fund.approve)}
        {may('report') && asking('report', m.fund.report, true)}
        {may('order') && !may('report') && (
          <button type="button" className="btn primary" disabled={busy} title={m.fund.ordered} onClick={() => void act(order)}>
            {m.fund.order}
          </button>
        )}
        {may('settle') && step('/awards/{id}/settle', m.fund.settle)}
      </Verbs>
      {run.own && <p className="muted small fnd-own">{m.fund.ownHint}</p>}
      {(ask === 'return' || ask === 'revise' || ask === 'cancel') && <Why run={run} what={ask} onClose={() => setAsk(null)} keep={keep} />}
      {(ask === 'release' || ask === 'recover') && <OfUnit run={run} what={ask} onClose={() => setAsk(null)} keep={keep} />}
      {ask === 'enter' && <Enter run={run} onClose={() => setAsk(null)} keep={keep} />}
      {ask === 'report' && <Report run={run} onClose={() => setAsk(null)} keep={keep} />}
    </>
  )
}

interface Props {
  run: Award
  onClose: () => void
  keep: Keep
}

const openBatch = (run: Award) => run.batches.find(b => b.state === 'ordered')

function Why({ run, what, onClose, keep }: Props & { what: 'return' | 'revise' | 'cancel' }) {
  const { m } = useI18n()
  const navigate = useNavigate()
  const reason = useReason(m.fund.needReason)
  const title = { return: m.fund.returns, revise: m.fund.revise, cancel: m.fund.cancel }[what]
  const go = async (op: string) => {
    const body = { reason: reason.reason }
    const at = { rev: run.attempt, op }
    const v =
      what === 'cancel'
        ? await send('post', '/awards/{id}/batches/{no}/cancel', { id: run.id, no: openBatch(run)!.no }, body, at)
        : await send('post', what === 'return' ? '/awards/{id}/return' : '/awards/{id}/revise', { id: run.id }, body, at)
    await keep(v)
    onClose()
    if (v.id !== run.id) await navigate({ to: '/awards/$id', params: { id: v.id }, search: {} })
  }
  return (
    <FormDialog title={title} onClose={onClose} check={reason.check} onSubmit={go}>
      <TextArea label={m.fund.why} {...reason.field} rows={3} maxLength={500} autoFocus />
      {what === 'revise' && <p className="muted">{m.fund.reviseHint}</p>}
      {what === 'cancel' && <p className="muted">{m.fund.cancelHint}</p>}
    </FormDialog>
  )
}

function OfUnit({ run, what, onClose, keep }: Props & { what: 'release' | 'recover' }) {
  const { m } = useI18n()
  const rows = run.rows.filter(r => (what === 'release' ? r.held !== '0.00' : r.paid !== '0.00'))
  const [unit, setUnit] = useState(String(rows[0]?.unit.id ?? ''))
  const [amount, setAmount] = useState('')
  const [error, setError] = useState('')
  const reason = useReason(m.fund.needReason)
  const check = () => {
    const ok = what === 'release' || !!amount.trim()
    setError(ok ? '' : m.fund.needValue)
    return reason.check() && ok && !!unit
  }
  const go = async (op: string) => {
    const at = { rev: run.attempt, op }
    const body = { unit: Number(unit), reason: reason.reason }
    await keep(
      what === 'release'
        ? await send('post', '/awards/{id}/release', { id: run.id }, body, at)
        : await send('post', '/awards/{id}/recover', { id: run.id }, { ...body, amount: amount.trim() }, at),
    )
    onClose()
  }
  return (
    <FormDialog title={what === 'release' ? m.fund.release : m.fund.recover} onClose={onClose} check={check} onSubmit={go}>
      <SelectField label={m.fund.unit} value={unit} onChange={v => setUnit(v)} options={rows.map(r => ({ value: String(r.unit.id), label: `${r.unit.name} ${what === 'release' ? r.held : r.paid}` }))} />
      {what === 'recover' && <TextField label={m.fund.amountYuan} value={amount} onChange={setAmount} error={error} hint={m.fund.recoverHint} />}
      <TextArea label={m.fund.why} {...reason.field} rows={3} maxLength={500} />
    </FormDialog>
  )
}

function Enter({ run, onClose, keep }: Props) {
  const { m, l } = useI18n()
  const first = run.rows.find(r => r.missing > 0) ?? run.rows[0]
  const [unit, setUnit] = useState(String(first?.unit.id ?? ''))
  const [name, setName] = useState(run.names[0]!.name)
  const [ref, setRef] = useState('')
  const [value, setValue] = useState('')
  const [error, setError] = useState('')
  const reason = useReason(m.fund.needReason)
  const chosen = run.names.find(n => n.name === name)!
  const check = () => {
    setError(value.trim() ? '' : m.fund.needValue)
    return reason.check() && !!value.trim() && (!chosen.ref || !!ref.trim())
  }
  const go = async (op: string) => {
    const x = { unit: Number(unit), name, value: value.trim(), ...(chosen.ref ? { ref: ref.trim() } : {}) }
    await keep(await send('post', '/awards/{id}/values', { id: run.id }, { values: [x], reason: reason.reason }, { rev: run.attempt, op }))
    onClose()
  }
  const label = l(chosen.unit) ? `${m.fund.value}${m.common.paren({ t: l(chosen.unit) })}` : m.fund.value
  return (
    <FormDialog title={m.fund.enter} onClose={onClose} check={check} onSubmit={go}>
      <SelectField label={m.fund.unit} value={unit} onChange={v => setUnit(v)} options={run.rows.map(r => ({ value: String(r.unit.id), label: r.unit.name }))} />
      <SelectField
        label={m.fund.what}
        value={name}
        onChange={v => {
          if (v) setName(v)
          setValue('')
        }}
        options={run.names.map(n => ({ value: n.name, label: l(n.title) }))}
      />
      {chosen.ref && <TextField label={m.fund.which} value={ref} onChange={setRef} />}
      {name === 'grade' ? (
        <SelectField label={m.fund.grade} value={value} none="—" onChange={v => setValue(v)} error={error} options={run.grades.map(g => ({ value: g.key, label: l(g.title) }))} />
      ) : (
        <TextField label={label} value={value} onChange={setValue} error={error} hint={m.fund.valueHint} />
      )}
      <TextArea label={m.fund.why} {...reason.field} rows={3} maxLength={500} />
    </FormDialog>
  )
}

function Report({ run, onClose, keep }: Props) {
  const { m } = useI18n()
  const [batch] = useState(() => openBatch(run)!) // the run that comes back has no open batch while this still closes
  const lines = batch.lines.filter(x => x.state === 'ordered')
  const [refused, setRefused] = useState<Record<number, string>>({})
  const bad = Object.entries(refused).some(([, why]) => !why.trim())
  const go = async (op: string) => {
    const answers = Object.entries(refused).map(([unit, reason]) => ({ unit: Number(unit), reason: reason.trim() }))
    await keep(await send('post', '/awards/{id}/batches/{no}/report', { id: run.id, no: batch.no }, { answers, all: true }, { rev: run.attempt, op }))
    onClose()
  }
  return (
    <FormDialog title={m.fund.report} onClose={onClose} check={() => !bad} onSubmit={go}>
      <p className="muted">{m.fund.reportHint}</p>
      <ul className="fnd-lines">
        {lines.map(x => {
          const on = x.unit.id in refused
          return (
            <li key={x.unit.id}>
              <label className="row gap-2">
                <input
                  type="checkbox"
                  checked={on}
                  onChange={() =>
                    setRefused(old => {
                      const next = { ...old }
                      if (on) delete next[x.unit.id]
                      else next[x.unit.id] = ''
                      return next
                    })
                  }
                />
                <span>
                  {m.fund.refused} {x.unit.name}
                </span>
              </label>
              <b>{x.amount}</b>
              {on && (
                <TextField
                  label={m.fund.refusedWhy}
                  value={refused[x.unit.id]!}
                  onChange={v => setRefused(old => ({ ...old, [x.unit.id]: v }))}
                  error={refused[x.unit.id]!.trim() ? '' : m.fund.needReason}
                />
              )}
            </li>
          )
        })}
      </ul>
    </FormDialog>
  )
}
