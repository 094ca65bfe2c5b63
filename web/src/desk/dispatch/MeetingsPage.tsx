import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { get, send } from '../../api/client'
import { shortDay } from '../../shared/format'
import { FormDialog } from '../ui/Dialog'
import { Icon } from '../ui/Icon'
import { Pager } from '../ui/Pager'
import { PhoneScope } from '../ui/Scope'
import { Loaded, State } from '../ui/States'
import { Heads } from '../ui/Table'
import { toast } from '../ui/Toast'
import { Verbs } from '../ui/Verbs'
import { can, useMe, useScope, useTitle, useUrl } from '../ui/hooks'
import { MeetingDialog } from './MeetingDialogs'
import { MeetingState } from './parts'
import { useI18n } from './texts'
import './dispatch.css'

const SIZE = 50
const STATES = ['all', 'planned', 'held', 'cancelled'] as const

export default function MeetingsPage() {
  const { m } = useI18n()
  useTitle(m.dis.title)
  const me = useMe()
  const { unit, period } = useScope()
  const [search, set] = useUrl()
  const [dialog, setDialog] = useState<'plan' | 'take' | null>(null)
  const state = STATES.find(s => s === search.state) ?? 'all'
  const q = { unit, year: Number(period.slice(0, 4)), state: state === 'all' ? undefined : state, q: search.q, page: search.page ?? 1, size: SIZE }
  const query = useQuery({ queryKey: ['meetings', q], queryFn: ({ signal }) => get('/meetings', q, signal), placeholderData: keepPreviousData })
  const take = query.data?.takeover
  const narrow = !!search.q || state !== 'all'
  return (
    <div className="page dis-page">
      <PhoneScope />
      <h1 className="unseen">{m.dis.title}</h1>
      <Verbs>
        {can(me, 'dispatch.edit') && (
          <button type="button" className="btn primary" onClick={() => setDialog('plan')}>
            <Icon name="plus" />
            {m.dis.plan}
          </button>
        )}
      </Verbs>
      {take && !take.done && take.ready + take.waiting > 0 && (
        <p className="hint">
          <Icon name="warn" />
          <span className="grow">
            {m.dis.takeover({ n: take.ready })}
            {take.waiting > 0 && m.dis.takeoverWaiting({ n: take.waiting })}
          </span>
          {take.may && take.waiting === 0 && (
            <button type="button" className="btn slim" onClick={() => setDialog('take')}>
              {m.dis.takeoverAct}
            </button>
          )}
        </p>
      )}
      <nav className="tabs gap-3" aria-label={m.common.state}>
        {STATES.map(s => (
          <button key={s} type="button" aria-current={state === s ? 'page' : undefined} onClick={() => set({ state: s === 'all' ? undefined : s, page: undefined })}>
            {s === 'all' ? m.common.all : m.dis.states[s]}
          </button>
        ))}
      </nav>
      <label className="dis-find">
        <span className="unseen">{m.dis.search}</span>
        <input className="input" type="search" value={search.q ?? ''} placeholder={m.dis.search} onChange={e => set({ q: e.target.value || undefined, page: undefined }, { replace: true })} />
      </label>
      <Loaded query={query} rows={6}>
        {d =>
          d.rows.length === 0 ? (
            <State
              kind={narrow ? 'nomatch' : 'empty'}
              title={narrow ? m.dis.noMatch : m.dis.none}
              actions={
                narrow && (
                  <button type="button" className="btn" onClick={() => set({ q: undefined, state: undefined })}>
                    {m.common.clear}
                  </button>
                )
              }
            >
              {narrow ? '' : m.dis.noneHint}
            </State>
          ) : (
            <>
              <p className="total gap-2" data-testid="meetings-total">
                <b>{m.dis.total({ n: d.total })}</b>
              </p>
              <table className="table dis-table">
                <Heads of={[m.dis.day, m.dis.meeting, m.dis.type, m.dis.holder, m.dis.came, m.dis.decisions, m.dis.minutes, m.common.state]} />
                <tbody>
                  {d.rows.map(r => (
                    <tr key={r.id}>
                      <td className="nowrap">{shortDay(r.day, me.today)}</td>
                      <td>
                        <Link className="title-link" to="/meetings/$id" params={{ id: r.id }} search={{}}>
                          {r.title}
                        </Link>{' '}
                        <code className="faint small nowrap">{r.no}</code>
                      </td>
                      <td className="nowrap muted">{m.dis.types[r.type]}</td>
                      <td className="muted">{r.unit.name}</td>
                      <td className="nowrap" data-l={r.asked > 0 && r.state === 'held' ? m.dis.came : undefined}>
                        {r.asked > 0 ? (r.state === 'held' ? m.dis.cameOf({ a: r.came, b: r.asked }) : m.dis.askedN({ n: r.asked })) : r.people > 0 ? m.dis.peopleN({ n: r.people }) : ''}
                      </td>
                      <td className="nowrap">
                        {r.decided > 0 && m.dis.doneOf({ a: r.done, b: r.decided })}
                        {r.late > 0 && (
                          <span className="dif">
                            {m.common.sep}
                            {m.dis.lateN({ n: r.late })}
                          </span>
                        )}
                      </td>
                      <td className="muted" data-l={r.state === 'held' ? m.dis.minutes : undefined}>{r.state !== 'held' ? '' : r.minutes ? r.minutes_no || m.dis.minutesYes : m.dis.minutesNo}</td>
                      <td className="nowrap">
                        <MeetingState state={r.state} />
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
              <Pager page={d.page} size={SIZE} total={d.total} go={page => set({ page })} />
            </>
          )
        }
      </Loaded>
      {dialog === 'plan' && <MeetingDialog onClose={() => setDialog(null)} />}
      {dialog === 'take' && <TakeOver onClose={() => setDialog(null)} />}
    </div>
  )
}

function TakeOver({ onClose }: { onClose: () => void }) {
  const { m } = useI18n()
  const client = useQueryClient()
  const go = async (op: string) => {
    await send('post', '/meeting-takeover', {}, {}, { op })
    toast(m.common.saved)
    await client.invalidateQueries()
    onClose()
  }
  return (
    <FormDialog title={m.dis.takeoverAct} onClose={onClose} onSubmit={go}>
      <p>{m.dis.takeoverAsk}</p>
    </FormDialog>
  )
}
