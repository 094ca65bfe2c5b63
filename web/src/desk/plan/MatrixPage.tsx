import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { send } from '../../api/client'
import { Dialog } from '../ui/Dialog'
import { TextField } from '../ui/Field'
import { Icon } from '../ui/Icon'
import { Loaded, State } from '../ui/States'
import { Verbs } from '../ui/Verbs'
import { useRun } from '../ui/useRun'
import { useTitle } from '../ui/hooks'
import { usePlan } from './PlanPage'
import type { Plan, PlanDuty } from './types'
import { useI18n } from './texts'
import './plan.css'

const PARTIES = ['government', 'community', 'firm', 'committee', 'resident'] as const

/** Who leads and who joins in, duty by duty: the five parties and the line departments on one page. */
export default function MatrixPage() {
  const { m } = useI18n()
  const { year, query } = usePlan()
  useTitle(m.plan.matrixOf({ y: year }))
  return (
    <Loaded query={query} rows={8}>
      {p => <Matrix p={p} />}
    </Loaded>
  )
}

function Matrix({ p }: { p: Plan }) {
  const { m } = useI18n()
  const client = useQueryClient()
  const [editing, setEditing] = useState<PlanDuty | 'new' | null>(null)
  const may = p.may_edit && !!p.id && p.duty_plan === p.id
  const departments = p.departments
  const columns = [...PARTIES.map(k => ({ key: k as string, name: m.plan.parties[k] })), ...departments.map(d => ({ key: `unit:${d.id}`, name: d.name }))]
  const mark = (role: string | undefined) =>
    role === 'lead' ? (
      <>
        <span aria-hidden="true">●</span>
        <span className="unseen">{m.plan.lead}</span>
      </>
    ) : role === 'join' ? (
      <>
        <span aria-hidden="true">○</span>
        <span className="unseen">{m.plan.join}</span>
      </>
    ) : null
  return (
    <div className="page plan-page">
      <header>
        <h1 className="grow">{m.plan.matrixOf({ y: p.year })}</h1>
        <Verbs>
        <Link className="btn noprint" to="/plan" search={{}}>
          {m.plan.back}
        </Link>
        <button type="button" className="btn noprint" onClick={() => print()}>
          <Icon name="print" />
          {m.plan.print}
        </button>
        {may && (
          <button type="button" className="btn primary noprint" onClick={() => setEditing('new')}>
            <Icon name="plus" />
            {m.plan.addDuty}
          </button>
        )}
        </Verbs>
      </header>
      {p.duties.length === 0 ? (
        <State kind="empty" title={m.plan.noDuties}>
          {m.plan.noDutiesHint}
        </State>
      ) : (
        <>
          <p className="muted">{m.plan.legend}</p>
          <div className="plan-matrix">
            <table className="table">
              <thead>
                <tr>
                  <th rowSpan={2}>{m.plan.dutyName}</th>
                  <th colSpan={PARTIES.length} className="grp">
                    {m.plan.fiveParties}
                  </th>
                  <th colSpan={Math.max(1, departments.length)} className="grp">
                    {m.plan.departments}
                  </th>
                </tr>
                <tr>
                  {columns.map(c => (
                    <th key={c.key} scope="col">
                      {c.key.startsWith('unit:') ? <span lang="zh-CN">{c.name}</span> : c.name}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {p.duties.map(d => (
                  <tr key={d.id}>
                    <th scope="row">
                      {may ? (
                        <button type="button" className="link" onClick={() => setEditing(d)}>
                          <span lang="zh-CN">{d.title}</span>
                        </button>
                      ) : (
                        <span lang="zh-CN">{d.title}</span>
                      )}
                    </th>
                    {columns.map(c => (
                      <td key={c.key} className={d.roles[c.key] ?? ''} data-l={c.name}>
                        {mark(d.roles[c.key])}
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
      {editing && (
        <DutyDialog
          plan={p}
          duty={editing === 'new' ? undefined : editing}
          columns={columns}
          onClose={() => {
            setEditing(null)
            void client.invalidateQueries({ queryKey: ['plan'] })
          }}
        />
      )}
    </div>
  )
}

function DutyDialog({ plan, duty, columns, onClose }: { plan: Plan; duty: PlanDuty | undefined; columns: { key: string; name: string }[]; onClose: () => void }) {
  const { m } = useI18n()
  const { run, busy, error } = useRun()
  const [title, setTitle] = useState(duty?.title ?? '')
  const [roles, setRoles] = useState<{ [k: string]: string }>(duty?.roles ?? {})
  const [fault, setFault] = useState('')
  const act = (what: (op: string) => Promise<unknown>) =>
    void run(async op => {
      await what(op)
      onClose()
    })
  const save = () => {
    setFault(title.trim() ? '' : m.plan.needTitle)
    if (!title.trim()) return
    const body = { title: title.trim(), roles: Object.fromEntries(Object.entries(roles).filter(([, v]) => v)) }
    act(op =>
      duty
        ? send('put', '/duties/{id}', { id: duty.id }, body, { rev: duty.rev, op })
        : send('post', '/plans/{id}/duties', { id: plan.id }, body, { op }),
    )
  }
  return (
    <Dialog
      title={duty ? m.plan.editDuty : m.plan.addDuty}
      onClose={onClose}
      onSubmit={save}
      submit={m.common.save}
      busy={busy}
      error={error}
    >
      <TextField label={m.plan.dutyName} value={title} onChange={setTitle} error={fault} autoFocus />
      <ul className="plan-roles">
        {columns.map(c => (
          <li key={c.key}>
            <label htmlFor={`role-${c.key}`}>
              <span lang={c.key.startsWith('unit:') ? 'zh-CN' : undefined}>{c.name}</span>
            </label>
            <select id={`role-${c.key}`} className="input" value={roles[c.key] ?? ''} onChange={e => setRoles({ ...roles, [c.key]: e.target.value })}>
              <option value="">{m.plan.nobody}</option>
              <option value="lead">{m.plan.lead}</option>
              <option value="join">{m.plan.join}</option>
            </select>
          </li>
        ))}
      </ul>
      {duty && (
        <p className="gap-3">
          <button type="button" className="link" onClick={() => act(op => send('delete', '/duties/{id}', { id: duty.id }, undefined, { op }))}>
            {m.plan.dropDuty}
          </button>
        </p>
      )}
    </Dialog>
  )
}
