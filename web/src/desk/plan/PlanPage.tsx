import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { get, send, url } from '../../api/client'
import { daysBetween, shortDay, unitWord } from '../../shared/format'
import { Icon } from '../ui/Icon'
import { Loaded, State, useProblemText } from '../ui/States'
import { StatusMark, type Mark } from '../ui/StatusMark'
import { TargetBar, TargetState } from '../ui/Target'
import { toast } from '../ui/Toast'
import { Verbs } from '../ui/Verbs'
import { useMe, useScope, useTitle, useUrl } from '../ui/hooks'
import { CarryDialog, FinishDialog, ReasonDialog, TargetDialog, TaskDialog } from './PlanDialogs'
import type { Plan, PlanTarget, PlanTask } from './types'
import { useI18n } from './texts'
import './plan.css'

type Dialog =
  | { kind: 'target'; target?: PlanTarget }
  | { kind: 'task'; task?: PlanTask }
  | { kind: 'finish' | 'cancel' | 'reopen'; task: PlanTask }
  | { kind: 'carry' }

export const usePlan = () => {
  const { unit, period } = useScope()
  const year = Number(period.slice(0, 4))
  const query = useQuery({
    queryKey: ['plan', unit, year],
    queryFn: ({ signal }) => get('/plan', { unit, year }, signal),
    placeholderData: keepPreviousData,
  })
  return { unit, year, query }
}

/** A unit's plan for a year: what its figures shall be, what is to be done by when, and what is late. */
export default function PlanPage() {
  const { m } = useI18n()
  const { query } = usePlan()
  useTitle(m.plan.title)
  return (
    <Loaded query={query} rows={8}>
      {p => <View p={p} />}
    </Loaded>
  )
}

function View({ p }: { p: Plan }) {
  const { m } = useI18n()
  const client = useQueryClient()
  const problem = useProblemText()
  const [search, set] = useUrl()
  const wanted = search.target && p.id && p.may_edit ? search.target : ''
  const mine = p.tasks.find(t => t.id === search.open && t.may.report)
  const [dialog, setDialog] = useState<Dialog | null>(null)
  const again = () => client.invalidateQueries({ predicate: q => ['plan', 'figure', 'summary'].includes(String(q.queryKey[0])) })
  const close = () => {
    setDialog(null)
    if (search.target || search.open) set({ target: undefined, open: undefined }, { replace: true })
    void again()
  }
  const start = async () => {
    try {
      await send('post', '/plans', {}, { unit: p.unit.id, year: p.year })
      await again()
    } catch (e) {
      toast.bad(problem(e))
    }
  }
  const empty = !p.id && p.targets.length === 0 && p.tasks.length === 0
  const edit = p.may_edit && !!p.id
  return (
    <div className="page plan-page">
      <header>
        <h1 className="grow">{m.plan.of({ unit: p.unit.name, y: p.year })}</h1>
        <Verbs>
        <Link className="btn" to="/plan/matrix" search={{}}>
          {m.plan.matrix}
        </Link>
        {p.may_edit && !p.id && !empty && (
          <button type="button" className="btn" onClick={() => void start()}>
            {m.plan.start}
          </button>
        )}
        {edit && p.open > 0 && (
          <button type="button" className="btn" onClick={() => setDialog({ kind: 'carry' })}>
            {m.plan.carry}
          </button>
        )}
        </Verbs>
      </header>
      {empty ? (
        <State
          kind="empty"
          title={m.plan.none({ unit: p.unit.name, y: p.year })}
          actions={
            p.may_edit && (
              <button type="button" className="btn primary" onClick={() => void start()}>
                {m.plan.start}
              </button>
            )
          }
        >
          {m.plan.noneHint}
        </State>
      ) : (
        <>
          <p className={p.arrears > 0 ? 'sumline' : 'sumline calm'}>
            <b>{m.plan.counts({ done: p.done, open: p.open, late: p.arrears })}</b>
          </p>
          <Targets p={p} onEdit={edit ? target => setDialog({ kind: 'target', ...(target ? { target } : {}) }) : undefined} />
          <Tasks p={p} onNew={edit ? () => setDialog({ kind: 'task' }) : undefined} onDo={setDialog} />
        </>
      )}
      {dialog?.kind === 'target' && <TargetDialog plan={p} {...(dialog.target ? { target: dialog.target } : {})} onClose={close} />}
      {!dialog && mine && <FinishDialog task={mine} onClose={close} />}
      {!dialog && wanted && <TargetDialog plan={p} figure={wanted} onClose={close} />}
      {dialog?.kind === 'task' && <TaskDialog plan={p} {...(dialog.task ? { task: dialog.task } : {})} onClose={close} />}
      {dialog?.kind === 'finish' && <FinishDialog task={dialog.task} onClose={close} />}
      {(dialog?.kind === 'cancel' || dialog?.kind === 'reopen') && <ReasonDialog task={dialog.task} step={dialog.kind} onClose={close} />}
      {dialog?.kind === 'carry' && <CarryDialog plan={p} onClose={close} />}
    </div>
  )
}

function SectionHead({ id, title, add, onAdd }: { id: string; title: string; add: string; onAdd: (() => void) | undefined }) {
  return (
    <div className="row wrap">
      <h2 id={id} className="grow">
        {title}
      </h2>
      {onAdd && (
        <button type="button" className="btn slim noprint" onClick={onAdd}>
          <Icon name="plus" />
          {add}
        </button>
      )}
    </div>
  )
}

function Targets({ p, onEdit }: { p: Plan; onEdit: ((t?: PlanTarget) => void) | undefined }) {
  const { m, l, lang } = useI18n()
  return (
    <section className="plan-section" aria-labelledby="pl-t">
      <SectionHead id="pl-t" title={m.plan.targets} add={m.plan.addTarget} onAdd={onEdit && (() => onEdit())} />
      {p.targets.length === 0 ? (
        <p className="muted">{m.plan.noTargets}</p>
      ) : (
        <ul className="plan-targets">
          {p.targets.map(t => {
            return (
              <li key={t.id}>
                <div className="row">
                  <Link className="strong grow" to="/plan" search={{ fig: `${t.figure}~${t.unit.id}~${p.year}` }}>
                    {l(t.title)}
                  </Link>
                  <TargetState state={t.state} />
                </div>
                {t.unit.id !== p.unit.id && <p className="small faint">{t.unit.name}</p>}
                <p className="row plan-nums">
                  <b>{t.now_display}</b>
                  <span className="muted">
                    {(t.at_most ? m.plan.most : m.plan.goal)({ v: `${t.display}${lang === 'en' ? ' ' : ''}${unitWord(l(t.unit_of), t.display, lang)}` })}
                  </span>
                  <span className="grow" />
                  {onEdit && t.may_edit && (
                    <button type="button" className="btn icon slim noprint" aria-label={`${m.plan.editTarget} ${l(t.title)} ${t.unit.name}`} onClick={() => onEdit(t)}>
                      <Icon name="edit" />
                    </button>
                  )}
                </p>
                <TargetBar t={{ ...t, expected_permille: t.value > 0 ? Math.min(1000, (t.expected * 1000) / t.value) : 0 }} />
                {!t.at_most && (t.state === 'behind' || t.state === 'ahead') && <p className="small faint">{m.plan.should({ v: t.expected_display })}</p>}
              </li>
            )
          })}
        </ul>
      )}
    </section>
  )
}

const FILTERS = ['all', 'late', 'open', 'done', 'closed'] as const
const fits = (t: PlanTask, f: string) =>
  f === 'late' ? t.state === 'open' && t.late > 0 : f === 'open' || f === 'done' ? t.state === f : f === 'closed' ? t.state === 'cancelled' || t.state === 'carried' : true

function Tasks({ p, onNew, onDo }: { p: Plan; onNew: (() => void) | undefined; onDo: (d: Dialog) => void }) {
  const { m } = useI18n()
  const [search, set] = useUrl()
  const filter = FILTERS.find(f => f === search.state) ?? 'all'
  const list = p.tasks.filter(t => fits(t, filter)).sort((a, b) => Number(b.state === 'open') - Number(a.state === 'open') || (a.deadline < b.deadline ? -1 : 1))
  return (
    <section className="plan-section" aria-labelledby="pl-w">
      <SectionHead id="pl-w" title={m.plan.tasks} add={m.plan.addTask} onAdd={onNew} />
      <div className="tabs plan-tabs noprint" role="group" aria-label={m.plan.tasks}>
        {FILTERS.map(f => (
          <button key={f} type="button" aria-current={filter === f ? 'page' : undefined} onClick={() => set({ state: f === 'all' ? undefined : f }, { replace: true })}>
            {m.plan.filters[f]}
            <span className="faint">{p.tasks.filter(t => fits(t, f)).length}</span>
          </button>
        ))}
      </div>
      {list.length === 0 ? (
        <p className="muted gap-3">{p.tasks.length ? m.plan.noMatch : m.plan.noTasks}</p>
      ) : (
        <ol className="plan-tasks">
          {list.map(t => (
            <Task key={t.id} t={t} p={p} onDo={onDo} />
          ))}
        </ol>
      )}
    </section>
  )
}

function Task({ t, p, onDo }: { t: PlanTask; p: Plan; onDo: (d: Dialog) => void }) {
  const { m } = useI18n()
  const me = useMe()
  const mark: Mark = t.state === 'done' ? 'ok' : t.state === 'open' ? (t.late > 0 ? 'late' : 'open') : 'void'
  const state =
    t.state === 'open' ? (t.late > 0 ? m.plan.late({ n: t.late }) : m.plan.left({ n: daysBetween(me.today, t.deadline) })) : m.plan.taskStates[t.state]
  return (
    <li className={t.state === 'open' ? '' : 'shut'}>
      <div className="plan-state">
        <StatusMark mark={mark}>{state}</StatusMark>
        <span className="small faint nowrap">{shortDay(t.deadline, me.today)}</span>
      </div>
      <div className="grow">
        <p className="strong">{t.title}</p>
        <p className="small muted">
          {[t.unit.name, t.person, t.duty, t.from.id !== p.unit.id ? m.plan.from({ unit: t.from.name }) : '', t.carried ? m.plan.carriedIn : ''].filter(Boolean).join(m.common.sep)}
        </p>
        {(t.note || t.files.length > 0 || t.entries.length > 0) && (
          <p className="plan-note">
            {t.note}
            {t.files.map(f => (
              <a key={f.sha} href={url(`/blobs/${f.sha}`, { size: 'original' })} download>
                <Icon name={f.mime.startsWith('image/') ? 'camera' : 'doc'} />
                {f.name}
              </a>
            ))}
            {t.entries.map((e, i) =>
              e.id ? (
                <Link key={e.id} to="/entry/$id" params={{ id: e.id }} search={{}}>
                  <Icon name="list" />
                  {e.number} {e.title}
                </Link>
              ) : (
                <span key={i} className="faint">
                  {m.plan.outside}
                </span>
              ),
            )}
          </p>
        )}
        {t.closed && (
          <p className="small faint">
            {m.plan.closedBy({ who: t.closed_by, t: t.closed })}
            {t.state === 'done' && t.late > 0 && ` ${m.common.sep}${m.plan.wasLate({ n: t.late })}`}
          </p>
        )}
      </div>
      <div className="row wrap noprint plan-acts">
        {t.may.report && (
          <button type="button" className="btn slim" onClick={() => onDo({ kind: 'finish', task: t })}>
            {m.plan.finish}
          </button>
        )}
        {t.may.edit && t.state === 'open' && (
          <>
            <button type="button" className="btn icon slim" aria-label={`${m.plan.editTask} ${t.title}`} onClick={() => onDo({ kind: 'task', task: t })}>
              <Icon name="edit" />
            </button>
            <button type="button" className="btn icon slim" aria-label={`${m.plan.cancel} ${t.title}`} onClick={() => onDo({ kind: 'cancel', task: t })}>
              <Icon name="close" />
            </button>
          </>
        )}
        {t.may.edit && (t.state === 'done' || t.state === 'cancelled') && (
          <button type="button" className="btn icon slim" aria-label={`${m.plan.reopen} ${t.title}`} onClick={() => onDo({ kind: 'reopen', task: t })}>
            <Icon name="undo" />
          </button>
        )}
      </div>
    </li>
  )
}
