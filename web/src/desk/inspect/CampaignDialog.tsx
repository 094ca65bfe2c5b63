import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { get, send } from '../../api/client'
import { ProblemError } from '../../api/errors'
import { addDays } from '../../shared/format'
import { DayInput } from '../ui/DayInput'
import { Dialog } from '../ui/Dialog'
import { FieldBox, Select, SelectField, TextField } from '../ui/Field'
import { Icon } from '../ui/Icon'
import { UnitSelect } from '../ui/Scope'
import { useProblemText } from '../ui/States'
import { toast } from '../ui/Toast'
import { can, useMe, useScope } from '../ui/hooks'
import { useRun } from '../ui/useRun'
import { useFresh } from './campaign-parts'
import type { Campaign, CampaignInput } from './types'
import { useI18n } from './texts'

type Kind = CampaignInput['kind']
type Day = { day: string; quota: string }
type Out = { place: string; reason: string }

/** A campaign until it is sealed: what is drawn from, on which days, by whom. */
export function CampaignDialog({ c, onClose }: { c?: Campaign; onClose: () => void }) {
  const { m, l } = useI18n()
  const me = useMe()
  const scope = useScope()
  const navigate = useNavigate()
  const fresh = useFresh()
  const problem = useProblemText()
  const { busy, error, run } = useRun()
  const [kind, setKind] = useState<Kind>(c?.kind ?? 'special')
  const [title, setTitle] = useState(c?.title ?? '')
  const [unit, setUnit] = useState<number | undefined>(c?.unit.id ?? scope.unit)
  const [form, setForm] = useState(c?.checklist ?? 'estate')
  const [days, setDays] = useState<Day[]>(c?.day_list.map(d => ({ day: d.day, quota: String(d.quota) })) ?? [{ day: addDays(me.today, 7), quota: '6' }])
  const [crew, setCrew] = useState<string[]>(c?.crew.map(x => x.account) ?? [])
  const [surprise, setSurprise] = useState(String(c?.surprise ?? 20))
  const [second, setSecond] = useState(String(c?.second ?? 10))
  const [task, setTask] = useState(c?.plan_task ?? '')
  const [out, setOut] = useState<Out[]>(c?.left_out.map(p => ({ place: p.key, reason: p.reason })) ?? [])
  const forms = useQuery({ queryKey: ['checklists'], queryFn: ({ signal }) => get('/checklists', {}, signal), staleTime: 300_000 })
  const people = useQuery({ queryKey: ['campaign-crew', unit], queryFn: ({ signal }) => get('/campaign-crew', { unit: unit! }, signal), enabled: !!unit })
  const places = useQuery({ queryKey: ['campaign-places', unit, form], queryFn: ({ signal }) => get('/campaign-places', { unit: unit!, checklist: form }, signal), enabled: !!unit && !!form })
  const year = Number((days[0]?.day || me.today).slice(0, 4))
  const tasks = useQuery({ queryKey: ['plan', unit, year], queryFn: ({ signal }) => get('/plan', { unit: unit!, year }, signal), enabled: !!unit && can(me, 'plan.read') })
  const go = () => {
    const body: CampaignInput = {
      kind, title: title.trim(), unit: unit ?? 0, checklist: form, plan_task: task, surprise: Number(surprise) || 0, second: Number(second) || 0, crew,
      days: days.map(d => ({ day: d.day, quota: Number(d.quota) || 1 })), left_out: out.filter(x => x.place),
    }
    void run(async op => {
      try {
        const d = c ? await send('put', '/campaigns/{id}', { id: c.id }, body, { rev: c.rev, op }) : await send('post', '/campaigns', {}, body, { op })
        fresh(d)
        toast(m.campaign.saved)
        onClose()
        if (!c) await navigate({ to: '/campaigns/$id', params: { id: d.id }, search: {} })
      } catch (e) {
        throw e instanceof ProblemError && e.problem.errors?.length ? new Error([problem(e), ...e.problem.errors.map(x => x.detail)].filter((x, i, all) => all.indexOf(x) === i).join(m.common.sep)) : e
      }
    })
  }
  const setDay = (i: number, patch: Partial<Day>) => setDays(was => was.map((d, j) => (j === i ? { ...d, ...patch } : d)))
  const setLeft = (i: number, patch: Partial<Out>) => setOut(was => was.map((d, j) => (j === i ? { ...d, ...patch } : d)))
  return (
    <Dialog title={c ? m.campaign.edit : m.campaign.add} onClose={onClose} onSubmit={go} submit={m.common.save} busy={busy} error={error} wide>
      <TextField label={m.campaign.name} value={title} onChange={setTitle} autoFocus />
      <div className="grid-2 field">
        <SelectField label={m.campaign.kind} value={kind} onChange={setKind} options={(['special', 'routine', 'joint', 'unannounced'] as const).map(k => ({ value: k, label: m.campaign.kinds[k]! }))} />
        <SelectField label={m.campaign.form} value={form} onChange={setForm} options={forms.data?.items.map(f => ({ value: f.key, label: l(f.title) }))} />
      </div>
      <FieldBox label={m.campaign.unit} hint={places.data ? m.campaign.neverN({ n: places.data.items.length }) : undefined}>
        {a => <UnitSelect id={a.id} label={m.campaign.unit} value={unit} onChange={setUnit} invalid={a.invalid} describedby={a.describedby} />}
      </FieldBox>
      <FieldBox label={m.campaign.days}>
        {() => (
          <div className="campaign-edit">
            {days.map((d, i) => (
              <div key={i} className="row">
                <DayInput label={m.campaign.day} value={d.day} onChange={day => setDay(i, { day })} />
                <input className="input campaign-quota" inputMode="numeric" aria-label={m.campaign.quota} value={d.quota} onChange={e => setDay(i, { quota: e.target.value.replace(/\D/g, '') })} />
                <span className="muted">{m.campaign.quota}</span>
                {days.length > 1 && (
                  <button type="button" className="btn icon slim" aria-label={m.campaign.dropDay({ d: d.day })} onClick={() => setDays(was => was.filter((_, j) => j !== i))}>
                    <Icon name="close" />
                  </button>
                )}
              </div>
            ))}
            <button type="button" className="btn slim" onClick={() => setDays(was => [...was, { day: addDays(was.at(-1)!.day || me.today, 1), quota: was.at(-1)!.quota }])}>
              <Icon name="plus" />
              {m.campaign.addDay}
            </button>
          </div>
        )}
      </FieldBox>
      <FieldBox label={m.campaign.crew} hint={m.campaign.crewHint}>
        {() => (
          <div className="campaign-crew">
            {people.data?.items.length === 0 && <span className="muted">{m.campaign.crewNone}</span>}
            {people.data?.items.map(p => (
              <label key={p.account} className="row">
                <input type="checkbox" checked={crew.includes(p.account)} onChange={e => setCrew(was => (e.target.checked ? [...was, p.account] : was.filter(x => x !== p.account)))} />
                <span>
                  {p.name} <span className="muted small">{p.unit}</span>
                </span>
              </label>
            ))}
          </div>
        )}
      </FieldBox>
      <div className="grid-2 field">
        <TextField label={m.campaign.surprise} value={surprise} onChange={x => setSurprise(x.replace(/\D/g, ''))} inputMode="numeric" />
        <TextField label={m.campaign.second} value={second} onChange={x => setSecond(x.replace(/\D/g, ''))} inputMode="numeric" />
      </div>
      {tasks.data && tasks.data.tasks.length > 0 && (
        <SelectField label={m.campaign.task} value={task} onChange={setTask} none={m.campaign.taskNone} options={tasks.data.tasks.map(t => ({ value: t.id, label: t.title }))} />
      )}
      <FieldBox label={m.campaign.leftOut} hint={m.campaign.leftOutHint} optional={m.common.optional}>
        {() => (
          <div className="campaign-edit">
            {out.map((x, i) => (
              <div key={i} className="row">
                <Select label={m.campaign.place} value={x.place} none={m.common.choose} onChange={place => setLeft(i, { place })} options={places.data?.items.map(p => ({ value: p.key, label: p.name }))} />
                <input className="input" aria-label={m.campaign.reasonLabel} placeholder={m.campaign.reasonLabel} value={x.reason} onChange={e => setLeft(i, { reason: e.target.value })} />
                <button type="button" className="btn icon slim" aria-label={m.common.remove} onClick={() => setOut(was => was.filter((_, j) => j !== i))}>
                  <Icon name="close" />
                </button>
              </div>
            ))}
            <button type="button" className="btn slim" onClick={() => setOut(was => [...was, { place: '', reason: '' }])}>
              <Icon name="plus" />
              {m.campaign.leftOutAdd}
            </button>
          </div>
        )}
      </FieldBox>
    </Dialog>
  )
}
