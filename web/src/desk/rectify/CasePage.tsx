import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { get, url } from '../../api/client'
import { int, longDay, tableTime } from '../../shared/format'
import { Icon } from '../ui/Icon'
import { blob } from '../ui/Photos'
import { Loaded } from '../ui/States'
import { DocumentStatus, StatusMark } from '../ui/StatusMark'
import { Where } from '../ui/Verbs'
import { useAct } from '../ui/useAct'
import { can, useMe, useTitle } from '../ui/hooks'
import { History } from './History'
import { ReplyForm } from './ReplyForm'
import { StepDialog } from './StepDialog'
import { CaseState, Deadline, endOf, useNotice, useStep } from './parts'
import type { View } from './types'
import { useI18n } from './texts'
import './rectify.css'

export default function CasePage() {
  const { id = '' } = useParams({ strict: false }) as { id?: string }
  const { m, l } = useI18n()
  const query = useQuery({ queryKey: ['case', id], queryFn: ({ signal }) => get('/cases/{id}', { id }, signal) })
  useTitle(query.data ? `${query.data.no} ${l(query.data.title)}` : m.cases.title)
  return (
    <div className="page case-page one">
      <Loaded query={query} rows={8}>
        {v => <Body v={v} />}
      </Loaded>
    </div>
  )
}

/** What stands first in the bar, by who has to act: one primary step, then the others that are theirs. */
const FIRST = ['uphold', 'grant', 'stands', 'pass', 'sign', 'issue', 'result', 'escalate']
const BESIDE: Record<string, string[]> = { uphold: ['dismiss'], grant: ['refuse'], pass: ['fail'], stands: ['again'], result: ['back'] }

function Body({ v }: { v: View }) {
  const { m, l, lang } = useI18n()
  const [ask, setAsk] = useState<string | null>(null)
  const step = useStep(v)
  const { busy, act } = useAct()
  const write = useNotice(v)
  const may = (s: string) => v.may[s] === true
  const replies = may('reply') && v.stage !== 'replied'
  const first = replies ? undefined : FIRST.find(s => may(s) && !(s === 'pass' && v.state !== 'replied' && v.state !== 'transferred'))
  const beside = (first ? (BESIDE[first] ?? []) : replies ? ['ask', 'object'] : []).filter(may)
  // A look at what is closed belongs to a visit; a recheck that fails needs a reply that it is about.
  const looks = (s: string) => (s === 'pass' && v.state === 'closed') || (s === 'fail' && v.state !== 'replied')
  const rest = Object.keys(m.cases.act).filter(s => may(s) && s !== first && !beside.includes(s) && !looks(s) && !(s === 'reply' && replies) && !(s === 'sign' && replies))
  const why = Object.values(v.why)[0]
  const press = (s: string) => (s === 'sign' ? void act(() => step('sign')) : setAsk(s))
  return (
    <>
      <Where>{v.no}</Where>
      <div className="case-two">
        <div className="case-main">
          <p className="row wrap case-marks">
            <CaseState row={v} />
            <Deadline row={v} />
            {v.round > 1 && <span>{m.cases.roundN({ n: v.round })}</span>}
            {v.severity === 'major' && <StatusMark mark="late">{m.cases.severities.major}</StatusMark>}
            <span className="muted">{v.place_name}</span>
            <code className="faint">{v.no}</code>
          </p>
          <h1>{l(v.title)}</h1>
          {v.words && <p className="muted">{v.words}</p>}
          {v.owed.length > 0 && <p className="hint case-hint">{m.cases.owed({ n: v.owed.length })}</p>}
          {replies && v.party_due && <p className={v.late > 0 ? 'hint case-hint late' : 'hint case-hint'}>{v.late > 0 ? m.cases.replyLate({ n: v.late }) : m.cases.replyBy({ t: endOf(v.party_due) })}</p>}
          {v.asked_until && <p className="hint case-hint">{m.cases.asked({ t: endOf(v.asked_until) })}</p>}
          {replies && <ReplyForm v={v} beside={beside.map(key => ({ key, go: () => press(key) }))} />}
          <Stations v={v} />
          {!(replies && v.round === 1) && <Rounds v={v} />}
          <Facts v={v} />
        </div>
        <aside className="case-side">
          <History v={v} />
        </aside>
      </div>
      {(first || (!replies && beside.length > 0) || rest.length > 0 || (!replies && why)) && (
        <div className="case-bar noprint" data-testid="case-bar">
          {first && (
            <button type="button" className="btn primary big-btn" disabled={busy} onClick={() => press(first)}>
              {(first === 'pass' || first === 'stands') && <Icon name="check" />}
              {m.cases.act[first]}
            </button>
          )}
          {!replies && beside.map(s => (
            <button key={s} type="button" className="btn" disabled={busy} onClick={() => press(s)}>
              {m.cases.act[s]}
            </button>
          ))}
          {v.may_notice && (
            <button type="button" className="btn" disabled={busy} onClick={() => void act(write)}>
              <Icon name="doc" />
              {m.cases.writeNotice}
            </button>
          )}
          <span className="grow" />
          {!first && !replies && why && <span className="muted small case-why">{l(why)}</span>}
          {rest.map(s => (
            <button key={s} type="button" className={['revoke', 'transfer', 'escalate'].includes(s) ? 'btn danger' : 'btn quiet'} disabled={busy} onClick={() => press(s)}>
              {s === 'escalate' && v.next ? m.cases.act.escalate + m.common.paren({ t: l(v.next.title) }) : m.cases.act[s]}
            </button>
          ))}
        </div>
      )}
      {ask && <StepDialog key={ask} v={v} step={ask} onClose={() => setAsk(null)} />}
      <span className="unseen">{int(v.rev, lang)}</span>
    </>
  )
}

/** Always the same five: what was done by whom, and what is due. */
function Stations({ v }: { v: View }) {
  const { m, l } = useI18n()
  const last = (ops: string[]) => [...v.events].reverse().find(e => ops.includes(e.op) && !e.look)
  const duty = (what: string) => v.duties.find(d => d.what === what && !d.done)
  const list: { key: string; event: View['events'][number] | undefined; due: { due: number | null; late: number } | undefined; more?: string | undefined }[] = [
    { key: 'issue', event: last(['escalate', 'issue']), due: duty('issue'), more: l(v.instrument) },
    { key: 'sign', event: v.stage === 'sent' || v.stage === 'draft' ? undefined : (last(['sign']) ?? last(['reply'])), due: duty('sign'), more: v.party?.name },
    { key: 'reply', event: v.replied ? last(['reply']) : undefined, due: v.stage === 'sent' || v.stage === 'fixing' ? { due: v.party_due, late: v.office ? 0 : v.late } : undefined },
    { key: 'recheck', event: v.stage === 'closed' ? last(['pass']) : undefined, due: duty('recheck') },
    { key: 'close', event: v.closed ? last(['pass']) : undefined, due: undefined },
  ]
  const issued = v.stage !== 'draft'
  const here = { draft: 0, sent: 1, fixing: 2, replied: 3, transferred: 3, closed: 5, revoked: 0 }[v.stage]
  return (
    <ol className="case-stations">
      {list.map((x, i) => (
        <li key={x.key} className={i < here ? 'was' : i === here ? 'now' : ''} aria-current={i === here ? 'step' : undefined}>
          <span className="dot" aria-hidden="true">
            {i < here && <Icon name="check" />}
          </span>
          <b>{m.cases.stations[x.key]}</b>
          {x.event && (i > 0 || issued) ? (
            <span className="muted small">
              {tableTime(x.event.at).slice(5)} {x.event.by || m.cases.system}
            </span>
          ) : (
            x.due?.due && (
              <span className={x.due.late > 0 ? 'small late' : 'muted small'}>
                {m.cases.should({ t: endOf(x.due.due).slice(5) })}
                {x.due.late > 0 && m.common.sep + m.cases.late({ n: x.due.late })}
              </span>
            )
          )}
          {x.more && <span className="muted small">{x.more}</span>}
        </li>
      ))}
    </ol>
  )
}

/** Before at the left, after at the right, a pair for each round; none is ever replaced. */
function Rounds({ v }: { v: View }) {
  const { m, l } = useI18n()
  const [chosen, set] = useState<number | null>(null)
  const rounds = Array.from({ length: v.round }, (_, i) => v.round - i)
  const at = chosen ?? v.round
  const of = (after: boolean) => v.events.filter(e => e.round === at && (e.op === 'reply') === after && e.photos.length > 0)
  const before = of(false)
  const after = of(true)
  const replies = v.events.filter(e => e.round === at && e.op === 'reply')
  const words = v.events.filter(e => e.round === at && e.op === 'fail' && e.words)
  if (before.length + after.length + replies.length === 0 && v.round === 1) return null
  const half = (kind: 'before' | 'after', events: View['events']) => {
    const e = events.at(-1)
    return (
      <figure>
        {e ? (
          <a className="photo" href={blob(e.photos[0]!, 'original')} target="_blank" rel="noreferrer">
            <img src={blob(e.photos[0]!, 'view')} alt={m.cases[kind]} />
            <span>
              {tableTime(e.at).slice(5)} {e.by || m.cases.system}
            </span>
          </a>
        ) : (
          <div className="photo none">{kind === 'before' ? m.cases.noBefore : m.cases.noAfter}</div>
        )}
        <figcaption>
          <span className={`tag case-${kind}`}>{m.cases[kind]}</span>{' '}
          {kind === 'before'
            ? at === 1
              ? l(v.title)
              : words.map(w => m.common.quote({ t: w.words })).join(' ')
            : replies.map(r => [r.fixes.map(f => l(v.fixes.find(x => x.key === f)?.title ?? { zh: f, en: f })).join(m.common.sep), r.words].filter(Boolean).join(m.common.sep)).join(' ')}
        </figcaption>
        {events.length + (e?.photos.length ?? 1) > 2 && (
          <div className="case-more">
            {events
              .flatMap(x => x.photos)
              .filter(sha => sha !== e?.photos[0])
              .map(sha => (
                <a key={sha} className="photo" href={blob(sha, 'original')} target="_blank" rel="noreferrer">
                  <img src={blob(sha, 'thumb')} alt={m.cases[kind]} loading="lazy" />
                </a>
              ))}
          </div>
        )}
      </figure>
    )
  }
  return (
    <section className="case-rounds">
      {v.round > 1 && (
        <nav className="tabs">
          {rounds.map(r => (
            <button key={r} type="button" aria-current={r === at ? 'true' : undefined} onClick={() => set(r)}>
              {m.cases.roundN({ n: r })}
            </button>
          ))}
        </nav>
      )}
      <div className="case-pair">
        {half('before', before)}
        {half('after', after)}
      </div>
    </section>
  )
}

/** What can be printed of a case: the report of the party, the pictures of the notice, the file that was handed over. */
function Papers({ v }: { v: View }) {
  const { m } = useI18n()
  const me = useMe()
  const list = [
    { key: 'report', title: m.cases.paperReport, there: v.events.some(e => e.op === 'reply') },
    { key: 'notice-photos', title: m.cases.paperPhotos, there: v.notices.some(n => n.state === 'issued') },
    { key: 'transfer-file', title: m.cases.paperFile, there: can(me, 'rectify.transfer') && v.events.some(e => e.op === 'transfer') },
  ].filter(x => x.there)
  if (list.length === 0) return null
  return (
    <div className="case-law">
      <dt>{m.cases.papers}</dt>
      <dd className="row wrap case-papers">
        {list.map(x => (
          <a key={x.key} className="row" href={url(`/cases/${v.id}/${x.key}`)} download>
            <Icon name="download" />
            {x.title}
          </a>
        ))}
      </dd>
    </div>
  )
}

function Facts({ v }: { v: View }) {
  const { m, l, lang } = useI18n()
  return (
    <section>
      <h2>{m.cases.facts}</h2>
      <dl className="pairs case-facts in-text">
        <dt>{m.cases.party}</dt>
        <dd>
          {v.party?.name ?? m.cases.noParty}
          {v.same > 1 && m.common.sep + m.cases.same({ n: v.same })}
        </dd>
        <dt>{m.cases.place}</dt>
        <dd>
          {v.unit.path.replace(/\//g, ' / ')}
          {m.common.sep}
          <Link to="/inspect/place" search={{ key: v.place }}>
            {m.cases.goPlace}
          </Link>
        </dd>
        <dt>{m.cases.found}</dt>
        <dd>
          {v.finder} {tableTime(v.found)}
          {v.visit && (
            <>
              {m.common.sep}
              <Link to="/visits/$id" params={{ id: v.visit }} search={{}}>
                {m.cases.visit}
              </Link>
            </>
          )}
        </dd>
        {v.laws.map(x => (
          <div key={x.key} className="case-law">
            <dt>{m.cases.laws}</dt>
            <dd>
              {l(x.title)}
              {x.act && (
                <span className="muted">
                  {m.common.sep}
                  {m.cases.lawAct({ law: l(x.act.law) })}
                  {x.act.fine.length === 2 && m.common.sep + m.cases.fine({ a: int(x.act.fine[0]!, lang), b: int(x.act.fine[1]!, lang) })}
                </span>
              )}
              {x.now && (
                <span className="muted">
                  {m.common.sep}
                  {v.judged ? m.cases.lawJudged({ law: l(x.now.law), day: longDay(v.judged, lang) }) : m.cases.lawNow({ law: l(x.now.law) })}
                  {x.now.fine.length === 2 && m.common.sep + m.cases.fine({ a: int(x.now.fine[0]!, lang), b: int(x.now.fine[1]!, lang) })}
                </span>
              )}
            </dd>
          </div>
        ))}
        {v.notices.map(n => (
          <div key={n.id} className="case-law">
            <dt>{m.cases.notice}</dt>
            <dd>
              <Link to="/documents/$id" params={{ id: n.id }} search={{}}>
                {n.number || n.title}
              </Link>{' '}
              <DocumentStatus state={n.ended === 'revoked' || n.ended === 'repealed' ? n.ended : n.state} />
            </dd>
          </div>
        ))}
        {v.origin && (
          <div className="case-law">
            <dt>{m.cases.origin}</dt>
            <dd>{m.cases.origins[v.origin]}</dd>
          </div>
        )}
        <Papers v={v} />
        {v.promise && (
          <>
            <dt>{m.cases.promise}</dt>
            <dd>{endOf(v.promise)}</dd>
          </>
        )}
        {v.open && (v.next || v.refused > 0) && (
          <>
            <dt>{m.cases.ifNot}</dt>
            <dd>{v.next ? m.cases.ifNext({ t: l(v.next.title) }) : m.cases.ifTransfer({ n: v.refused })}</dd>
          </>
        )}
        {v.before && (
          <>
            <dt>{m.cases.previous}</dt>
            <dd>
              <Link to="/cases/$id" params={{ id: v.before.id }} search={{}}>
                {v.before.no}
              </Link>{' '}
              <CaseState row={v.before} />
            </dd>
          </>
        )}
      </dl>
    </section>
  )
}
