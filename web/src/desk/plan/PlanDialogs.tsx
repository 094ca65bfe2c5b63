import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { get, send } from '../../api/client'
import { parseFixed, plain } from '../../shared/format'
import { Combo } from '../ui/Combo'
import { DayInput } from '../ui/DayInput'
import { Dialog, FormDialog } from '../ui/Dialog'
import { FieldBox, SelectField, TextArea, TextField } from '../ui/Field'
import { UnitSelect } from '../ui/Scope'
import { toast } from '../ui/Toast'
import { upload } from '../ui/upload'
import { useReason } from '../ui/useReason'
import { useRun } from '../ui/useRun'
import { Months } from './Months'
import { checkSteps } from './steps'
import type { Plan, PlanTarget, PlanTask } from './types'
import { useI18n } from './texts'

type Props = { onClose: () => void }

export function TargetDialog({ plan, target, figure: given, onClose }: Props & { plan: Plan; target?: PlanTarget; figure?: string }) {
  const { m, l, lang } = useI18n()
  const { run, busy, error } = useRun()
  const list = useQuery({ queryKey: ['figure', 'list'], queryFn: ({ signal }) => get('/figures', {}, signal), staleTime: 300_000 })
  const usable = useMemo(() => (list.data?.items ?? []).filter(f => !['ratio', 'mean', 'formula'].includes(f.measure)), [list.data])
  const options = useMemo(
    () => usable.map(f => ({ value: f.key, label: l(f.title), search: f.key })),
    // oxlint-disable-next-line react/exhaustive-deps
    [usable, lang],
  )
  const [figure, setFigure] = useState(target?.figure ?? given ?? '')
  const found = usable.find(f => f.key === figure)
  const decimals = found?.decimals ?? target?.decimals ?? 0
  const [unit, setUnit] = useState<number | undefined>(target?.unit.id ?? plan.unit.id)
  const [value, setValue] = useState(target ? plain(target.value, target.decimals) : '')
  const [most, setMost] = useState(target?.at_most ?? false)
  const [monthly, setMonthly] = useState((target?.months.length ?? 0) === 12)
  const [cells, setCells] = useState<string[]>(target?.months.length === 12 ? target.months.map(x => plain(x, target.decimals)) : Array(12).fill(''))
  const [badMonth, setBadMonth] = useState(0)
  const [fault, setFault] = useState<{ [k: string]: string }>({})
  const act = (what: (op: string) => Promise<unknown>) =>
    void run(async op => {
      await what(op)
      toast(m.common.saved)
      onClose()
    })
  const save = () => {
    const v = parseFixed(value.trim(), decimals)
    const f: typeof fault = {}
    if (!figure) f.figure = m.plan.needFigure
    if (v === null || v < 0 || value.trim() === '') f.value = m.plan.needValue
    if (!unit) f.unit = m.form.err.choose({ f: m.common.unit })
    const stepped = monthly && !most
    const wrong = stepped ? checkSteps(cells, v, decimals, m.plan) : null
    if (wrong) f.months = wrong.says
    setBadMonth(wrong?.month ?? 0)
    setFault(f)
    if (Object.keys(f).length || v === null) return
    const months = stepped ? cells.map(c => parseFixed(c, decimals)!) : []
    const body = { unit: unit!, figure, value: v, at_most: most, months }
    act(op =>
      target ? send('put', '/targets/{id}', { id: target.id }, body, { rev: target.rev, op }) : send('post', '/plans/{id}/targets', { id: plan.id }, body, { op }),
    )
  }
  return (
    <Dialog title={target ? m.plan.editTarget : m.plan.addTarget} onClose={onClose} onSubmit={save} submit={m.common.save} busy={busy} error={error}>
      <FieldBox label={m.plan.figure} error={fault.figure}>
        {a => (
          <Combo
            id={a.id}
            label={m.plan.figure}
            value={figure || undefined}
            text={found ? l(found.title) : target ? l(target.title) : ''}
            options={options}
            loading={list.isPending}
            invalid={a.invalid}
            describedby={a.describedby}
            onChange={v => setFigure(v ?? '')}
          />
        )}
      </FieldBox>
      <FieldBox label={m.common.unit} error={fault.unit}>
        {a => <UnitSelect id={a.id} label={m.common.unit} value={unit} onChange={setUnit} invalid={a.invalid} describedby={a.describedby} />}
      </FieldBox>
      <TextField label={`${m.plan.value}${found?.unit_of ? m.common.paren({ t: l(found.unit_of) }) : ''}`} value={value} onChange={setValue} error={fault.value} inputMode="numeric" />
      <label className="row gap-2">
        <input type="checkbox" checked={most} onChange={e => setMost(e.target.checked)} />
        {m.plan.atMost}
      </label>
      {!most && (
        <label className="row gap-2">
          <input type="checkbox" checked={monthly} onChange={e => setMonthly(e.target.checked)} />
          {m.plan.monthly}
        </label>
      )}
      {!most && monthly && (
        <Months
          cells={cells}
          onChange={setCells}
          value={value}
          onValue={setValue}
          decimals={decimals}
          adds={found?.measure === 'count' || found?.measure === 'sum'}
          bad={badMonth}
          error={fault.months}
        />
      )}
      {target && (
        <p className="gap-3">
          <button type="button" className="link" onClick={() => act(op => send('delete', '/targets/{id}', { id: target.id }, undefined, { op }))}>
            {m.plan.dropTarget}
          </button>
        </p>
      )}
    </Dialog>
  )
}

export function TaskDialog({ plan, task, onClose }: Props & { plan: Plan; task?: PlanTask }) {
  const { m } = useI18n()
  const [title, setTitle] = useState(task?.title ?? '')
  const [unit, setUnit] = useState<number | undefined>(task?.unit.id ?? plan.unit.id)
  const [deadline, setDeadline] = useState(task?.deadline ?? `${plan.year}-12-31`)
  const [duty, setDuty] = useState(task?.duty ?? '')
  const [person, setPerson] = useState(task?.person_id ?? '')
  const people = useQuery({
    queryKey: ['plan', 'people', unit],
    queryFn: ({ signal }) => get('/plan/people', { unit }, signal),
    enabled: !!unit,
  })
  const names = people.data?.items ?? []
  const former = task?.person_id && unit === task.unit.id && !names.some(x => x.id === task.person_id) ? { id: task.person_id, name: task.person } : null
  const chosen = names.some(x => x.id === person) || former?.id === person ? person : ''
  const [fault, setFault] = useState<{ [k: string]: string }>({})
  const check = () => {
    const f: typeof fault = {}
    if (!title.trim()) f.title = m.plan.needTitle
    if (!deadline) f.deadline = m.plan.needDay
    if (!unit) f.unit = m.form.err.choose({ f: m.plan.owner })
    setFault(f)
    return !Object.keys(f).length
  }
  const save = async (op: string) => {
    const body = { unit: unit!, title: title.trim(), deadline, ...(duty ? { duty } : {}), ...(chosen ? { person: chosen } : {}) }
    await (task ? send('put', '/tasks/{id}', { id: task.id }, body, { rev: task.rev, op }) : send('post', '/plans/{id}/tasks', { id: plan.id }, body, { op }))
    toast(m.common.saved)
    onClose()
  }
  return (
    <FormDialog title={task ? m.plan.editTask : m.plan.addTask} onClose={onClose} check={check} onSubmit={save} submit={m.common.save}>
      <TextField label={m.plan.name} value={title} onChange={setTitle} error={fault.title} autoFocus />
      <FieldBox label={m.plan.owner} error={fault.unit}>
        {a => <UnitSelect id={a.id} label={m.plan.owner} value={unit} onChange={setUnit} invalid={a.invalid} describedby={a.describedby} />}
      </FieldBox>
      <SelectField
        label={m.plan.person}
        hint={people.isSuccess && !names.length ? m.plan.noPeople : undefined}
        none={m.plan.anyone}
        options={[...(former ? [former] : []), ...names].map(x => ({ value: x.id, label: x.name }))}
        value={chosen}
        onChange={setPerson}
      />
      <div className="grid-2 field">
        <FieldBox label={m.plan.deadline} error={fault.deadline}>
          {a => (
            <DayInput
              id={a.id}
              value={deadline}
              onChange={setDeadline}
              invalid={a.invalid}
              describedby={a.describedby}
              min={`${plan.year}-01-01`}
              max={`${plan.year}-12-31`}
            />
          )}
        </FieldBox>
        <SelectField label={m.plan.duty} none={m.plan.noDuty} options={plan.duties.map(d => ({ value: d.title, label: d.title }))} value={duty} onChange={setDuty} />
      </div>
    </FormDialog>
  )
}

export function FinishDialog({ task, onClose }: Props & { task: PlanTask }) {
  const { m } = useI18n()
  const [note, setNote] = useState('')
  const [entries, setEntries] = useState('')
  const [files, setFiles] = useState<File[]>([])
  const finish = async (op: string) => {
    const proof: string[] = []
    for (const f of files) {
      proof.push((await upload(f)).sha)
    }
    const numbers = entries
      .split(/[\s,;\u3001\uff0c\uff1b]+/)
      .map(x => x.trim())
      .filter(Boolean)
    await send('post', '/tasks/{id}/finish', { id: task.id }, { note: note.trim(), proof, entries: numbers }, { rev: task.rev, op })
    toast(m.plan.finished)
    onClose()
  }
  return (
    <FormDialog title={m.plan.finishTitle} onClose={onClose} onSubmit={finish} submit={m.plan.finish}>
      <p className="strong">{task.title}</p>
      <TextArea label={m.plan.result} rows={3} value={note} onChange={setNote} />
      <FieldBox label={m.plan.files} hint={m.plan.filesHint}>
        {a => (
          <input
            id={a.id}
            type="file"
            multiple
            className="input plan-file"
            accept="image/jpeg,image/png,image/webp,image/heic,image/heif,.heic,.heif,.pdf,.docx,.xlsx"
            aria-describedby={a.describedby}
            onChange={e => setFiles([...(e.target.files ?? [])].slice(0, 9))}
          />
        )}
      </FieldBox>
      <TextField label={m.plan.entries} hint={m.plan.entriesHint} value={entries} onChange={setEntries} />
    </FormDialog>
  )
}

export function ReasonDialog({ task, step, onClose }: Props & { task: PlanTask; step: 'cancel' | 'reopen' }) {
  const { m } = useI18n()
  const { reason, check, field } = useReason(m.plan.needReason)
  const title = step === 'cancel' ? m.plan.cancel : m.plan.reopen
  const save = async (op: string) => {
    await send('post', `/tasks/{id}/${step}`, { id: task.id }, { reason }, { rev: task.rev, op })
    toast(m.common.saved)
    onClose()
  }
  return (
    <FormDialog danger={step === 'cancel'} title={title} onClose={onClose} check={check} onSubmit={save}>
      <p className="strong">{task.title}</p>
      <TextArea label={m.plan.reason} rows={3} {...field} />
    </FormDialog>
  )
}

export function CarryDialog({ plan, onClose }: Props & { plan: Plan }) {
  const { m } = useI18n()
  const n = plan.tasks.filter(t => t.state === 'open' && t.plan === plan.id).length
  const carry = async (op: string) => {
    await send('post', '/plans/{id}/carry', { id: plan.id }, {}, { op })
    toast(m.plan.carried({ n }))
    onClose()
  }
  return (
    <FormDialog title={m.plan.carry} onClose={onClose} onSubmit={carry}>
      <p>{m.plan.carryAsk({ n, y: plan.year + 1 })}</p>
    </FormDialog>
  )
}
