import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { get, send, type Answer } from '../../api/client'
import { periodName, place, shortDay, shortTime } from '../../shared/format'
import { Dialog } from '../ui/Dialog'
import { PhoneScope } from '../ui/Scope'
import { Loaded, State, useProblemText } from '../ui/States'
import { StatusMark, type Mark } from '../ui/StatusMark'
import { toast } from '../ui/Toast'
import { useIsPhone, useMe, useScope, useTitle, useUrl } from '../ui/hooks'
import { useI18n } from './texts'
import './due.css'

type Grid = Answer<'/due'>
type Cell = Line['items'][number]
type Line = Grid['lines'][number]
const marks: Record<string, Mark> = { open: 'open', missing: 'late', delivered: 'ok', late: 'back', exempt: 'void' }

/** What each unit owes, period by period: who has delivered, who has not, and one click to remind. */
export default function DuePage() {
  const { m, l } = useI18n()
  useTitle(m.due.title)
  const { unit, period, unitName } = useScope()
  const [search, set] = useUrl()
  const query = useQuery({
    queryKey: ['due', unit, period, search.kind ?? ''],
    queryFn: ({ signal }) => get('/due', { unit, period, kind: search.kind }, signal),
    placeholderData: keepPreviousData,
  })
  return (
    <div className="page due">
      <header>
        <h1>{m.due.title}</h1>
        <span className="muted no-phone">{unitName}</span>
      </header>
      <PhoneScope />
      <Loaded query={query} rows={8}>
        {g =>
          g.kinds?.length ? (
            <>
              <nav className="tabs" aria-label={m.due.kinds}>
                {g.kinds.map(k => (
                  <button key={k.key} type="button" aria-current={k.key === g.kind ? 'page' : undefined} onClick={() => set({ kind: k.key }, { replace: true })}>
                    {l(k.title)}
                    {k.missing > 0 && <span className="badge">{k.missing}</span>}
                  </button>
                ))}
              </nav>
              <Board grid={g} />
            </>
          ) : (
            <State kind="empty" title={m.due.none}>
              {m.due.noneHint}
            </State>
          )
        }
      </Loaded>
    </div>
  )
}

function useRemind() {
  const { m } = useI18n()
  const client = useQueryClient()
  const problem = useProblemText()
  return useMutation({
    mutationFn: (items: string[]) => send('post', '/due/remind', {}, { items }),
    onSuccess: r => {
      const said = [r.persons > 0 ? m.due.reminded({ units: r.units, persons: r.persons }) : '', r.already > 0 ? m.due.already({ n: r.already }) : '', r.nobody?.length ? m.due.nobody({ t: r.nobody.join(m.common.sep) }) : '']
      toast(said.filter(Boolean).join(m.common.sep))
    },
    onError: e => toast.bad(problem(e)),
    onSettled: () => client.invalidateQueries({ queryKey: ['due'] }),
  })
}

function Board({ grid: g }: { grid: Grid }) {
  const { m } = useI18n()
  const phone = useIsPhone()
  const [search, set] = useUrl()
  const remind = useRemind()
  const [open, setOpen] = useState<{ line: Line; cell: Cell } | null>(null)
  const lines = g.lines ?? []
  const shown = search.state === 'missing' ? lines.filter(x => x.items?.some(i => i.state === 'missing')) : lines
  const due = lines.flatMap(x => (x.items ?? []).filter(i => i.state === 'missing' && i.may).map(i => i.id))
  const c = g.counts
  return (
    <>
      <div className="due-sum">
        <p>{m.due.total({ of: c.open + c.missing + c.delivered + c.late, done: c.delivered + c.late, late: c.late, missing: c.missing, open: c.open, exempt: c.exempt })}</p>
        <label className="due-only">
          <input type="checkbox" checked={search.state === 'missing'} onChange={e => set({ state: e.target.checked ? 'missing' : undefined }, { replace: true })} />
          {m.due.onlyMissing}
        </label>
        {due.length > 0 && (
          <button type="button" className="btn primary" disabled={remind.isPending} onClick={() => remind.mutate(due)}>
            {m.due.remindAll({ n: due.length })}
          </button>
        )}
      </div>
      {shown.length === 0 ? (
        <State kind="done" title={m.due.allDone} />
      ) : phone ? (
        <Cards lines={shown} onOpen={setOpen} />
      ) : (
        <Table periods={g.periods ?? []} lines={shown} onOpen={setOpen} />
      )}
      {open && <CellDialog kind={g.kind} {...open} onClose={() => setOpen(null)} />}
    </>
  )
}

type Opener = { lines: Line[]; onOpen: (x: { line: Line; cell: Cell }) => void }

function CellButton({ line, cell, onOpen, word }: { line: Line; cell: Cell; onOpen: Opener['onOpen']; word: boolean }) {
  const { m, lang } = useI18n()
  return (
    <button
      type="button"
      className={`due-cell is-${cell.state}`}
      aria-label={m.due.cell({ unit: line.unit.name, period: periodName(cell.period, lang), state: m.due.state[cell.state] ?? '' })}
      onClick={() => onOpen({ line, cell })}
    >
      <StatusMark mark={marks[cell.state] ?? 'open'}>{word ? m.due.state[cell.state] : ''}</StatusMark>
    </button>
  )
}

function Table({ periods, lines, onOpen }: Opener & { periods: string[] }) {
  const { m, lang } = useI18n()
  const short = (p: string) => (/^\d{4}-\d\d$/.test(p) && periods.length > 1 ? m.due.month({ n: Number(p.slice(5)) }) : periodName(p, lang))
  return (
    <div className="due-grid">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{m.common.unit}</th>
            {periods.map(p => (
              <th key={p} scope="col">
                {short(p)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map(x => (
            <tr key={x.unit.id}>
              <th scope="row">{place(x.unit as { name: string; short?: string })}</th>
              {periods.map(p => {
                const cell = x.items?.find(i => i.period === p)
                return <td key={p}>{cell ? <CellButton line={x} cell={cell} onOpen={onOpen} word={periods.length <= 6} /> : <span className="faint">—</span>}</td>
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Cards({ lines, onOpen }: Opener) {
  const { lang } = useI18n()
  return (
    <ul className="due-cards">
      {lines.map(x => (
        <li key={x.unit.id}>
          <b>{place(x.unit as { name: string; short?: string })}</b>
          <div className="row wrap">
            {x.items?.map(i => (
              <span key={i.id} className="one">
                <span className="muted small">{periodName(i.period, lang)}</span>
                <CellButton line={x} cell={i} onOpen={onOpen} word />
              </span>
            ))}
          </div>
        </li>
      ))}
    </ul>
  )
}

function CellDialog({ kind, line, cell, onClose }: { kind: string; line: Line; cell: Cell; onClose: () => void }) {
  const { m, lang } = useI18n()
  const me = useMe()
  const client = useQueryClient()
  const problem = useProblemText()
  const remind = useRemind()
  const [reason, setReason] = useState('')
  const [exempting, setExempting] = useState(false)
  const [error, setError] = useState('')
  const name = periodName(cell.period, lang)
  const waits = cell.state === 'missing' || cell.state === 'open'
  const exempt = useMutation({
    mutationFn: (on: boolean) => send('post', '/due/{id}/exempt', { id: cell.id }, { exempt: on, reason }),
    onSuccess: (_, on) => {
      toast(on ? m.due.exempted : m.due.unexempted)
      onClose()
    },
    onError: e => setError(problem(e)),
    onSettled: () => client.invalidateQueries({ queryKey: ['due'] }),
  })
  return (
    <Dialog
      title={exempting ? m.due.exemptTitle({ unit: line.unit.name, period: name }) : `${line.unit.name}${m.common.sep}${name}`}
      onClose={onClose}
      {...(exempting ? { onSubmit: () => exempt.mutate(true), submit: m.common.confirm, busy: exempt.isPending } : {})}
      error={error}
    >
      {exempting ? (
        <div className="field">
          <label htmlFor="due-reason">{m.common.reason}</label>
          <textarea id="due-reason" data-autofocus className="input" rows={3} maxLength={200} value={reason} onChange={e => setReason(e.target.value)} />
          <p className="muted gap-2">{m.due.exemptHint}</p>
        </div>
      ) : (
        <div className="due-one">
          <p>
            <StatusMark mark={marks[cell.state] ?? 'open'}>{m.due.state[cell.state]}</StatusMark>{' '}
            <span className="muted">
              {m.due.dueBy({ t: shortDay(cell.due, me.today) })}
              {cell.day && `${m.common.sep}${m.due.deliveredOn({ t: shortDay(cell.day, me.today) })}`}
              {cell.late_days > 0 && `${m.common.sep}${m.due.lateDays({ n: cell.late_days })}`}
            </span>
          </p>
          {cell.reason && <p className="gap-2">{cell.reason}</p>}
          {cell.reminded > 0 && <p className="muted gap-2">{m.due.lastReminded({ t: shortTime(cell.reminded, me.today) })}</p>}
          <p className="row wrap gap-3">
            {waits && cell.may && (
              <button type="button" className="btn primary" disabled={remind.isPending} onClick={() => remind.mutate([cell.id], { onSuccess: onClose })}>
                {m.due.remindOne}
              </button>
            )}
            {waits && (
              <Link className="btn" to="/new/$kind" params={{ kind }} search={{ unit: line.unit.id, due: cell.period }}>
                {m.due.enter}
              </Link>
            )}
            {!waits && cell.state !== 'exempt' && (
              <Link className="btn" to="/ledger/$kind" params={{ kind }} search={{ unit: line.unit.id, period: cell.period }}>
                {m.due.records}
              </Link>
            )}
            {waits && cell.may && (
              <button type="button" className="btn" onClick={() => setExempting(true)}>
                {m.due.exempt}
              </button>
            )}
            {cell.state === 'exempt' && cell.may && (
              <button type="button" className="btn" disabled={exempt.isPending} onClick={() => exempt.mutate(false)}>
                {m.due.unexempt}
              </button>
            )}
          </p>
        </div>
      )}
    </Dialog>
  )
}
