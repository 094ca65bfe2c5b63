import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { get, send } from '../../api/client'
import { FormDialog } from '../ui/Dialog'
import { SelectField, TextField } from '../ui/Field'
import { Icon } from '../ui/Icon'
import { PhoneScope } from '../ui/Scope'
import { Loaded, State } from '../ui/States'
import { Heads } from '../ui/Table'
import { toast } from '../ui/Toast'
import { Verbs } from '../ui/Verbs'
import { useMe, useTitle } from '../ui/hooks'
import { AwardState } from './parts'
import type { Awards, Budget } from './types'
import { useI18n } from './texts'
import './fund.css'

/** Award rules with their runs, the latest first, and the budgets that pay them. */
export default function AwardsPage() {
  const { m, l } = useI18n()
  useTitle(m.fund.title)
  const [open, setOpen] = useState<'compute' | 'budget' | null>(null)
  const query = useQuery({ queryKey: ['awards'], queryFn: ({ signal }) => get('/awards', {}, signal) })
  const d = query.data
  return (
    <div className="page fnd-page">
      <PhoneScope />
      <h1>{m.fund.title}</h1>
      <p className="muted fnd-lead">{m.fund.lead}</p>
      <Verbs>
        {d?.may_enter && d.rules.length > 0 && (
          <button type="button" className="btn" onClick={() => setOpen('budget')}>
            {m.fund.addBudget}
          </button>
        )}
        {d?.may_enter && d.rules.some(r => r.periods.length > 0) && (
          <button type="button" className="btn primary" onClick={() => setOpen('compute')}>
            <Icon name="plus" />
            {m.fund.compute}
          </button>
        )}
      </Verbs>
      <Loaded query={query} rows={6}>
        {x => (
          <>
            {x.runs.length === 0 ? (
              <State kind="empty" title={x.rules.length === 0 ? m.fund.noRules : m.fund.none}>
                {x.rules.length > 0 && m.fund.noneHint}
              </State>
            ) : (
              <table className="table fnd-runs">
                <Heads of={[m.fund.period, m.fund.rule, m.common.state, { num: m.fund.amount }, { num: m.fund.paid }]} />
                <tbody>
                  {x.runs.map(r => (
                    <tr key={r.id}>
                      <td className="nowrap">{l(r.period.title)}</td>
                      <td>
                        <Link className="title-link" to="/awards/$id" params={{ id: r.id }} search={{}}>
                          {l(r.title)}
                        </Link>{' '}
                        {r.rev > 1 && <span className="small muted nowrap">{m.fund.rev({ n: r.rev })}</span>}
                        {!r.latest && r.state !== 'draft' && <span className="small muted nowrap"> {m.fund.replaced}</span>}
                      </td>
                      <td className="nowrap">
                        <AwardState state={r.state} />
                      </td>
                      <td className="num" data-l={m.fund.amount}>{r.amount}</td>
                      <td className="num" data-l={m.fund.paid}>{r.paid}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            )}
            {(x.may_enter || x.budgets.length > 0) && (
              <section className="fnd-budgets">
                <h2>{m.fund.budgets}</h2>
                {x.budgets.length === 0 && <p className="muted">{m.fund.noBudgets}</p>}
                {x.budgets.map(b => (
                  <BudgetTable key={b.purpose + b.year} of={b} />
                ))}
              </section>
            )}
            {open === 'compute' && <Compute rules={x.rules} onClose={() => setOpen(null)} />}
            {open === 'budget' && <AddBudget rules={x.rules} onClose={() => setOpen(null)} />}
          </>
        )}
      </Loaded>
    </div>
  )
}

function BudgetTable({ of: b }: { of: Budget }) {
  const { m, l } = useI18n()
  return (
    <div className="fnd-budget">
      <h3>{m.fund.budgetOf({ t: l(b.title), y: b.year })}</h3>
      <table className="table fnd-levels">
        <Heads of={[m.fund.level, m.fund.source, { num: m.fund.plan }, { num: m.fund.comeIn }]} />
        <tbody>
          {b.levels.map((x, i) => (
            <tr key={i}>
              <td className="nowrap">{x.level}</td>
              <td>{x.source}</td>
              <td className="num">
                {x.plan}
                <span className="bar" aria-hidden="true">
                  <i style={{ width: `${x.share / 100}%` }} />
                </span>
              </td>
              <td className="num">{x.in}</td>
            </tr>
          ))}
          <tr className="fnd-sum">
            <td>{m.fund.total}</td>
            <td>
              {m.fund.spent} {b.paid}
              {b.short && (
                <span className="dif">
                  {m.common.sep}
                  {m.fund.gap} {b.gap}
                </span>
              )}
            </td>
            <td className="num">{b.plan}</td>
            <td className="num">{b.in}</td>
          </tr>
        </tbody>
      </table>
    </div>
  )
}

function Compute({ rules, onClose }: { rules: Awards['rules']; onClose: () => void }) {
  const { m, l } = useI18n()
  const client = useQueryClient()
  const navigate = useNavigate()
  const open = rules.filter(r => r.periods.length > 0)
  const [rule, setRule] = useState<string>(open[0]!.key)
  const [from, setFrom] = useState('')
  const periods = open.find(r => r.key === rule)!.periods
  const chosen = periods.find(p => p.from === from) ?? periods[0]!
  const go = async (op: string) => {
    const run = await send('post', '/awards', {}, { rule, from: chosen.from }, { op })
    await client.invalidateQueries({ queryKey: ['awards'] })
    onClose()
    await navigate({ to: '/awards/$id', params: { id: run.id }, search: {} })
  }
  return (
    <FormDialog title={m.fund.compute} onClose={onClose} check={() => true} onSubmit={go}>
      <SelectField label={m.fund.rule} value={rule} onChange={v => v && setRule(v)} options={open.map(r => ({ value: r.key, label: l(r.title) }))} />
      <SelectField label={m.fund.period} value={chosen.from} onChange={v => setFrom(v)} options={periods.map(p => ({ value: p.from, label: l(p.title) }))} />
      <p className="muted">{m.fund.computeHint}</p>
    </FormDialog>
  )
}

function AddBudget({ rules, onClose }: { rules: Awards['rules']; onClose: () => void }) {
  const { m, l } = useI18n()
  const me = useMe()
  const client = useQueryClient()
  const purposes = rules.filter((r, i) => rules.findIndex(x => x.purpose === r.purpose) === i)
  const [purpose, setPurpose] = useState(purposes[0]!.purpose)
  const [year, setYear] = useState(me.today.slice(0, 4))
  const [level, setLevel] = useState(m.fund.levels[3]!)
  const [kind, setKind] = useState<'plan' | 'in'>('plan')
  const [source, setSource] = useState('')
  const [amount, setAmount] = useState('')
  const [note, setNote] = useState('')
  const [error, setError] = useState('')
  const check = () => {
    setError(amount.trim() ? '' : m.fund.needValue)
    return !!amount.trim() && /^\d{4}$/.test(year)
  }
  const go = async (op: string) => {
    const list = await send('post', '/award-budgets', {}, { purpose, year: Number(year), level, source, kind, amount: amount.trim(), note }, { op })
    client.setQueryData(['awards'], list)
    toast(m.common.saved)
    onClose()
  }
  return (
    <FormDialog title={m.fund.addBudget} onClose={onClose} check={check} onSubmit={go}>
      <SelectField label={m.fund.purpose} value={purpose} onChange={v => v && setPurpose(v)} options={purposes.map(r => ({ value: r.purpose, label: l(r.title) }))} />
      <TextField label={m.fund.year} value={year} onChange={setYear} />
      <SelectField label={m.fund.kind} value={kind} onChange={v => v && setKind(v)} options={(['plan', 'in'] as const).map(k => ({ value: k, label: m.fund.kinds[k] }))} />
      <SelectField label={m.fund.level} value={level} onChange={v => v && setLevel(v)} options={m.fund.levels.map(x => ({ value: x, label: x }))} />
      <TextField label={m.fund.source} value={source} onChange={setSource} />
      <TextField label={m.fund.amountYuan} value={amount} onChange={setAmount} error={error} hint={m.fund.amountHint} />
      <TextField label={m.fund.note} value={note} onChange={setNote} />
    </FormDialog>
  )
}
