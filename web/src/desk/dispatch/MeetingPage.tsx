import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useState, type ReactNode } from 'react'
import { get, send, url } from '../../api/client'
import { longDay, tableTime } from '../../shared/format'
import { Icon } from '../ui/Icon'
import { blob } from '../ui/Photos'
import { Loaded } from '../ui/States'
import { StatusMark } from '../ui/StatusMark'
import { Verbs, Where } from '../ui/Verbs'
import { useAct } from '../ui/useAct'
import { useMe, useTitle } from '../ui/hooks'
import { CancelDialog, MeetingDialog } from './MeetingDialogs'
import { TaskDialog, useAsk } from './TaskDialogs'
import { Item, MeetingState, PaperLink } from './parts'
import type { Decision, Meeting, Seat } from './types'
import { useI18n } from './texts'
import './dispatch.css'

export default function MeetingPage() {
  const { id = '' } = useParams({ strict: false }) as { id?: string }
  const { m } = useI18n()
  const query = useQuery({ queryKey: ['meeting', id], queryFn: ({ signal }) => get('/meetings/{id}', { id }, signal) })
  useTitle(query.data?.title ?? m.dis.title)
  return (
    <div className="page dis-page one">
      <Loaded query={query} rows={8}>
        {v => <Body v={v} />}
      </Loaded>
    </div>
  )
}

function Body({ v }: { v: Meeting }) {
  const { m, lang } = useI18n()
  const me = useMe()
  const client = useQueryClient()
  const [dialog, setDialog] = useState<'edit' | 'hold' | 'cancel' | 'task' | null>(null)
  const { busy, act } = useAct()
  const { setAsk, accept, dialog: asked } = useAsk({ id: v.id, day: v.day })
  const close = () => setDialog(null)
  const write = (what: 'pack' | 'minutes') =>
    void act(async () => {
      client.setQueryData(['meeting', v.id], await send('post', `/meetings/{id}/${what}`, { id: v.id }, {}, { rev: v.rev }))
      void client.invalidateQueries({ predicate: q => ['documents', 'bulletins'].includes(String(q.queryKey[0])) })
    })
  const planned = v.state === 'planned'
  const due = planned && v.day <= me.today
  const last = v.opening
  const items = (list: Decision[], carry: boolean, own: boolean) => (
    <ol className="dis-items">
      {list.map(d => (
        <Item key={d.id} d={d} onAsk={setAsk} onAccept={x => void act(() => accept(x))} carry={carry} own={own} />
      ))}
    </ol>
  )
  return (
    <>
      <Where>{v.no}</Where>
      <Verbs>
        {v.may_edit && (
          <>
            {planned && (
              <button type="button" className="btn danger" onClick={() => setDialog('cancel')}>
                {m.dis.cancel}
              </button>
            )}
            <button type="button" className="btn" onClick={() => setDialog('edit')}>
              <Icon name="edit" />
              {planned ? m.dis.editPlanned : m.dis.edit}
            </button>
            {due && (
              <button type="button" className="btn primary" onClick={() => setDialog('hold')}>
                {m.dis.hold}
              </button>
            )}
            {v.state === 'held' && (
              <button type="button" className="btn primary" onClick={() => setDialog('task')}>
                <Icon name="plus" />
                {m.dis.add}
              </button>
            )}
          </>
        )}
      </Verbs>
      <div className="dis-two">
        <div className="dis-main">
          <p className="row wrap dis-marks">
            <MeetingState state={v.state} />
            <span>{m.dis.types[v.type]}</span>
            <b>{longDay(v.day, lang)}</b>
            {v.place && <span>{v.place}</span>}
            <span className="muted">{v.unit.name}</span>
            {v.people > 0 && <span className="muted">{m.dis.peopleN({ n: v.people })}</span>}
            <code className="faint">{v.no}</code>
          </p>
          <h1>{v.title}</h1>
          {v.reason && <p className="hint">{m.dis.cancelled({ t: v.reason })}</p>}
          {v.behind && <p className="hint">{m.dis.behind}</p>}
          <Section title={m.dis.last} more={v.last ? m.dis.lastOf({ d: longDay(v.last.day, lang) }) : ''}>
            {!v.last ? (
              <p className="muted">{m.dis.firstOne}</p>
            ) : last.length === 0 ? (
              <p className="muted">{m.dis.lastNone}</p>
            ) : (
              <>
                <p className="sumline calm dis-sum">
                  <b>{m.dis.lastSum({ n: last.filter(d => d.state !== 'dropped' && d.state !== 'carried').length, done: last.filter(d => d.state === 'done').length, late: last.filter(d => d.state === 'open' && d.late > 0).length })}</b>
                </p>
                {items(last, v.state === 'held', false)}
              </>
            )}
          </Section>
          <Section title={m.dis.agenda}>
            <ol className="dis-agenda">
              <li>{m.dis.agendaFirst}</li>
              {v.agenda.map(a => (
                <li key={a.title}>
                  {a.title}
                  {a.unit && <span className="muted">{m.common.paren({ t: a.unit.name })}</span>}
                </li>
              ))}
            </ol>
            {v.agenda.length === 0 && <p className="muted small">{m.dis.agendaUsual}</p>}
          </Section>
          <Section title={m.dis.decided}>
            {v.words && <p className="dis-words">{v.words}</p>}
            {v.decisions.length > 0 ? items(v.decisions, false, true) : <p className="muted">{v.state === 'held' ? m.dis.decidedNone : m.dis.notHeld}</p>}
          </Section>
          <Section title={m.dis.attendance} more={v.asked > 0 && v.state === 'held' ? m.dis.cameOf({ a: v.came, b: v.asked }) : ''}>
            {v.seats.length === 0 ? <p className="muted">{m.dis.noSeats}</p> : <Seats list={v.seats} />}
          </Section>
          {v.photos.length + v.scans.length > 0 && (
            <Section title={m.dis.photos}>
              <div className="dis-photos">
                {v.photos.map(f => (
                  <a key={f.sha} className="photo" href={blob(f.sha, 'original')} target="_blank" rel="noreferrer">
                    <img src={blob(f.sha, 'thumb')} alt={f.name} loading="lazy" />
                  </a>
                ))}
              </div>
              {v.scans.map(f => (
                <a key={f.sha} href={url(`/blobs/${f.sha}`, { size: 'original' })} download>
                  <Icon name="doc" />
                  {f.name}
                </a>
              ))}
            </Section>
          )}
        </div>
        <aside className="dis-side">
          <h2>{m.dis.papers}</h2>
          <div className="dis-papers">
            <h3>{m.dis.pack}</h3>
            {v.pack ? <PaperLink p={v.pack} /> : <p className="muted small">{planned ? m.dis.packNone : m.common.none}</p>}
            {v.may_write && planned && (!v.pack || v.pack.state === 'draft') && (
              <button type="button" className="btn slim" disabled={busy} onClick={() => write('pack')}>
                <Icon name="doc" />
                {v.pack ? m.dis.again : m.dis.writePack}
              </button>
            )}
            <h3>{m.dis.minutesDoc}</h3>
            {v.minutes_doc ? <PaperLink p={v.minutes_doc} /> : v.minutes ? <StatusMark mark="ok">{m.dis.minutesOf({ t: v.minutes_no })}</StatusMark> : <p className="muted small">{m.dis.minutesHint}</p>}
            {v.may_write && v.state === 'held' && !v.minutes && (!v.minutes_doc || ['revoked', 'repealed'].includes(v.minutes_doc.state)) && (
              <button type="button" className="btn slim" disabled={busy} onClick={() => write('minutes')}>
                <Icon name="doc" />
                {m.dis.writeMinutes}
              </button>
            )}
          </div>
          {v.events.length > 0 && (
            <>
              <h2>{m.dis.history}</h2>
              <ol className="dis-log">
                {v.events.map((e, i) => (
                  <li key={i}>
                    <span className="faint nowrap">{tableTime(e.at).slice(2)}</span>
                    <span>
                      {m.dis.ops[e.op] ?? e.op}
                      <span className="muted"> {e.by || m.dis.system}</span>
                      {e.words && <span className="small muted">{m.common.colon + e.words}</span>}
                    </span>
                  </li>
                ))}
              </ol>
            </>
          )}
          {v.origin && <p className="small faint">{m.dis.origin({ t: v.origin })}</p>}
          <p className="gap-3">
            <Link to="/decisions" search={{ state: 'all' }}>
              {m.dis.decisions}
            </Link>
          </p>
        </aside>
      </div>
      {dialog === 'edit' && <MeetingDialog meeting={v} onClose={close} />}
      {dialog === 'hold' && <MeetingDialog meeting={v} hold onClose={close} />}
      {dialog === 'cancel' && <CancelDialog meeting={v} onClose={close} />}
      {dialog === 'task' && <TaskDialog mode={{ kind: 'add', meeting: v.id, day: v.day }} onClose={close} />}
      {asked}
    </>
  )
}

function Section({ title, more, children }: { title: string; more?: string; children: ReactNode }) {
  return (
    <section>
      <h2>
        {title} {more && <span className="muted small">{more}</span>}
      </h2>
      {children}
    </section>
  )
}

const SHAPE = { asked: 'draft', present: 'ok', represented: 'wait', absent: 'void' } as const

function Seats({ list }: { list: Seat[] }) {
  const { m } = useI18n()
  return (
    <ul className="dis-attend">
      {list.map(s => (
        <li key={s.unit.id}>
          <span className="dis-seat-name">{s.unit.name}</span>
          <StatusMark mark={SHAPE[s.presence]}>{m.dis.presence[s.presence]}</StatusMark>
          <span className="small muted">{s.presence === 'absent' ? s.reason : s.who}</span>
        </li>
      ))}
    </ul>
  )
}
