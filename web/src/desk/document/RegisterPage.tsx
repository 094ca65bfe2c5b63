import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { get } from '../../api/client'
import type { DocumentState } from '../../api/answers'
import { dayOf, shortDay } from '../../shared/format'
import { Select } from '../ui/Field'
import { Icon } from '../ui/Icon'
import { Loaded, State } from '../ui/States'
import { DocumentStatus, StatusMark } from '../ui/StatusMark'
import { Heads } from '../ui/Table'
import { Verbs } from '../ui/Verbs'
import { can, useMe, useScope, useTitle, useUrl } from '../ui/hooks'
import { DraftDialog, FileDialog } from './NewDocument'
import type { DocumentRow } from './types'
import { useI18n } from './texts'
import './document.css'
import './register.css'

const SENT = ['draft', 'review', 'approved', 'issued', 'unsigned', 'ended'] as const
const RECEIVED = ['unsigned', 'signed', 'received'] as const

/** The register of official documents: what units here issue, and what was delivered to a unit. */
export default function RegisterPage() {
  const { m, l } = useI18n()
  const me = useMe()
  const [search, set] = useUrl()
  const { unit } = useScope()
  useTitle(m.docs.title)
  const sender = can(me, 'document.read')
  const box = search.mine === 'received' || !sender ? 'received' : 'sent'
  const year = search.due ? Number(search.due) : undefined
  const filters = { box: box as 'sent' | 'received', unit, kind: search.kind, state: search.state, year, q: search.q, page: search.page }
  const query = useQuery({
    queryKey: ['documents', filters],
    queryFn: ({ signal }) => get('/documents', filters, signal),
    placeholderData: keepPreviousData,
  })
  const waiting = useQuery({
    queryKey: ['documents', 'unsigned'],
    queryFn: ({ signal }) => get('/deliveries/unsigned', {}, signal),
    enabled: can(me, 'document.sign'),
  })
  const [dialog, setDialog] = useState<'draft' | 'file' | 'outside' | null>(null)
  const [q, setQ] = useState(search.q ?? '')
  const thisYear = Number(me.today.slice(0, 4))
  const narrowed = !!(search.kind || search.state || year || search.q)
  const pages = query.data ? Math.max(1, Math.ceil(query.data.total / query.data.page_size)) : 1
  const page = search.page ?? 1
  const mine = waiting.data?.items ?? []
  const may = can(me, 'document.edit')
  return (
    <div className="page register">
      <h1 className="unseen">{m.docs.title}</h1>
      <Verbs>
        {sender && (
          <Link className="btn" to="/templates" search={{}}>
            {m.docs.templates}
          </Link>
        )}
        {may && box === 'received' && (
          <button type="button" className="btn" onClick={() => setDialog('outside')}>
            <Icon name="tray" />
            {m.docs.register}
          </button>
        )}
        {may && box === 'sent' && (
          <>
            <button type="button" className="btn" onClick={() => setDialog('file')}>
              <Icon name="upload" />
              {m.docs.upload}
            </button>
            <button type="button" className="btn primary" onClick={() => setDialog('draft')}>
              <Icon name="plus" />
              {m.docs.draft}
            </button>
          </>
        )}
      </Verbs>
      {mine.length > 0 && (
        <section className="register-wait" aria-label={m.docs.waiting}>
          <h2>{m.docs.waitingTitle({ n: mine.length })}</h2>
          <ul>
            {mine.slice(0, 5).map(w => (
              <li key={w.id + w.unit.id}>
                <Link to="/documents/$id" params={{ id: w.id }} search={{}}>
                  {w.title}
                </Link>
                <span className="muted small">
                  {[w.number, w.from.name, `${m.docs.arrived} ${shortDay(dayOf(w.delivered_at), me.today)}`].filter(Boolean).join(m.common.sep)}
                </span>
                {w.reminded_at > 0 && <span className="dif small">{m.docs.reminded}</span>}
              </li>
            ))}
          </ul>
        </section>
      )}
      {sender && (
        <div className="tabs register-tabs" role="group" aria-label={m.docs.title}>
          {(['sent', 'received'] as const).map(b => (
            <button
              key={b}
              type="button"
              aria-current={box === b ? 'page' : undefined}
              onClick={() => set({ mine: b === 'received' ? b : undefined, state: undefined, page: undefined })}
            >
              {m.docs.boxes[b]}
            </button>
          ))}
        </div>
      )}
      <form
        className="register-filter"
        aria-label={m.docs.filter}
        onSubmit={e => {
          e.preventDefault()
          set({ q: q.trim() || undefined, page: undefined })
        }}
      >
        <Select
          label={m.docs.kind}
          none={m.docs.kindAll}
          options={query.data?.kinds?.map(k => ({ value: k.key, label: l(k.title) }))}
          value={search.kind ?? ''}
          onChange={kind => set({ kind: kind || undefined, page: undefined })}
        />
        <Select
          label={m.common.state}
          none={m.docs.stateAll}
          options={box === 'sent' ? SENT.map(s => ({ value: s, label: m.docs.states[s] })) : RECEIVED.map(s => ({ value: s, label: m.docs.mine[s] }))}
          value={search.state ?? ''}
          onChange={state => set({ state: state || undefined, page: undefined })}
        />
        <Select
          label={m.docs.date}
          none={m.docs.yearAll}
          options={[0, 1, 2, 3, 4].map(i => ({ value: String(thisYear - i), label: m.docs.year({ y: thisYear - i }) }))}
          value={String(year ?? '')}
          onChange={due => set({ due: due || undefined, page: undefined })}
        />
        <input className="input grow" type="search" aria-label={m.docs.keyword} placeholder={m.docs.keyword} value={q} onChange={e => setQ(e.target.value)} />
        <button type="submit" className="btn">
          <Icon name="search" />
          {m.common.search}
        </button>
      </form>
      <Loaded query={query} rows={8}>
        {d =>
          d.items.length === 0 ? (
            <State kind={narrowed ? 'nomatch' : 'empty'} title={narrowed ? m.docs.noMatch : m.docs.none}>
              {narrowed ? null : box === 'sent' ? m.docs.noneSent : m.docs.noneReceived}
            </State>
          ) : (
            <>
              <table className="table register-table">
                <Heads of={[m.docs.number, m.docs.name, m.docs.kind, box === 'sent' ? m.docs.issuer : m.docs.from, m.docs.date, m.common.state, m.docs.progress]} />
                <tbody>
                  {d.items.map(x => (
                    <Row key={x.id} x={x} box={box} today={me.today} />
                  ))}
                </tbody>
              </table>
              <div className="row register-foot">
                <span className="faint">{m.docs.total({ n: d.total })}</span>
                <span className="grow" />
                {pages > 1 && (
                  <>
                    <button type="button" className="btn slim" disabled={page <= 1} onClick={() => set({ page: page - 1 })}>
                      {m.docs.previous}
                    </button>
                    <span className="faint">{m.docs.page({ a: page, b: pages })}</span>
                    <button type="button" className="btn slim" disabled={page >= pages} onClick={() => set({ page: page + 1 })}>
                      {m.docs.next}
                    </button>
                  </>
                )}
              </div>
            </>
          )
        }
      </Loaded>
      {dialog === 'draft' && <DraftDialog onClose={() => setDialog(null)} />}
      {(dialog === 'file' || dialog === 'outside') && (
        <FileDialog outside={dialog === 'outside'} kinds={query.data?.kinds ?? []} onClose={() => setDialog(null)} />
      )}
    </div>
  )
}

function Row({ x, box, today }: { x: DocumentRow; box: string; today: string }) {
  const { m, l } = useI18n()
  const sent = box === 'sent'
  const day = sent ? dayOf(x.issued_at || x.created_at) : x.received_day || (x.mine ? dayOf(x.mine.delivered_at) : dayOf(x.created_at))
  return (
    <tr>
      <td className="register-no">{x.number || <span className="faint">{m.docs.noNumber}</span>}</td>
      <td className="register-title">
        <Link to="/documents/$id" params={{ id: x.id }} search={{}}>
          {x.title}
        </Link>
        {x.differences > 0 && <span className="dif small"> {m.documents.differencesN({ n: x.differences })}</span>}
      </td>
      <td className="register-kind muted">{l(x.kind_title)}</td>
      <td className="register-unit muted">{x.sender || x.unit.name}</td>
      <td className="register-day muted nowrap">{shortDay(day, today)}</td>
      <td className="register-state">
        {x.mine && !x.ended ? (
          x.mine.signed_at ? (
            <StatusMark mark="ok">{m.docs.signedNow}</StatusMark>
          ) : (
            <StatusMark mark="wait">{m.docs.waiting}</StatusMark>
          )
        ) : (
          <DocumentStatus state={(x.ended || x.state) as DocumentState} />
        )}
      </td>
      <td className="register-prog">
        {x.mine ? (
          <span className="muted">{x.mine.signed_at ? m.docs.signed({ t: shortDay(dayOf(x.mine.signed_at), today) }) : x.mine.reminded_at ? m.docs.reminded : ''}</span>
        ) : x.recipients > 0 ? (
          <span className={x.state === 'issued' && !x.ended && x.signed < x.recipients ? 'dif' : 'muted'}>{m.docs.signedOf({ a: x.signed, b: x.recipients })}</span>
        ) : null}
      </td>
    </tr>
  )
}
