import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { get, send, url } from '../../api/client'
import type { Document } from '../../api/answers'
import { longDay, longTime } from '../../shared/format'
import { FigurePanel, shortDigest } from '../ui/FigurePanel'
import { Icon } from '../ui/Icon'
import { Loaded } from '../ui/States'
import { DocumentStatus } from '../ui/StatusMark'
import { toast } from '../ui/Toast'
import { can, useHotkeys, useMe, useTitle, useUrl } from '../ui/hooks'
import { useAct } from '../ui/useAct'
import { DocActions, History, useAgain } from './Approval'
import { ChangesDialog } from './ChangesDialog'
import { Deliveries } from './Deliveries'
import { Differences } from './Differences'
import { OwnDialog } from './OwnText'
import { Paper } from './Paper'
import { Renewed } from './Renewed'
import { TextsDialog } from './TextsDialog'
import { useI18n } from './texts'
import './document.css'
import './register.css'

/** One official document: its text, its recipients, what happened to it and what comes next. */
export default function DocumentPage() {
  const { m } = useI18n()
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useQuery({
    queryKey: ['document', id],
    queryFn: ({ signal }) => get('/documents/{id}', { id }, signal),
    refetchInterval: q => (q.state.data?.state === 'issuing' ? 1500 : false),
  })
  useTitle(query.data ? m.documents.page({ title: query.data.title }) : m.docs.title)
  return (
    <Loaded query={query} rows={8}>
      {doc => <View doc={doc} key={doc.id} />}
    </Loaded>
  )
}

function View({ doc }: { doc: Document }) {
  const { m, l, lang } = useI18n()
  const me = useMe()
  const again = useAgain()
  const [search, set] = useUrl()
  const [dialog, setDialog] = useState<'texts' | 'changes' | null>(null)
  const [writing, setWriting] = useState(false)
  const [place, setPlace] = useState<{ key: string; above: string } | null>(null)
  const own = doc.deliveries.filter(d => d.may_sign)
  // Opening it is reading it: the sender sees who has.
  const told = useRef(false)
  const unread = doc.deliveries.some(d => d.delivered_at && !d.read_at && me.grants.some(g => g.unit.id === d.unit.id))
  useEffect(() => {
    if (!unread || told.current || !can(me, 'document.receive')) return
    told.current = true
    void send('post', '/documents/{id}/read', { id: doc.id }, {})
      .then(again)
      .catch(() => undefined)
    // oxlint-disable-next-line react/exhaustive-deps
  }, [unread, doc.id])
  const differences = useQuery({
    queryKey: ['differences', doc.id],
    queryFn: ({ signal }) => get('/documents/{id}/differences', { id: doc.id }, signal),
    enabled: doc.state === 'issued' && !doc.ended && doc.within && doc.origin === 'template',
  })
  useHotkeys({ escape: () => set({ n: undefined }, { replace: true }) }, !!search.n)
  const figure = doc.cited.find(f => f.n === search.n)
  const back = [...doc.events].reverse().find(e => e.op === 'return' || e.op === 'submit')
  return (
    <div className="page document-page">
      <Head doc={doc} />
      <Renewed doc={doc} />
      {doc.ended && (
        <p className="document-ended" role="note">
          {m.docs.endLine({ how: m.docs.states[doc.ended], who: doc.ended_by, t: longTime(doc.ended_at, lang), why: doc.ended_reason })}
        </p>
      )}
      {own.map(d => (
        <SignBar key={d.unit.id} doc={doc} unit={d.unit} />
      ))}
      {doc.state === 'draft' && back?.op === 'return' && (
        <p className="sumline noprint">
          <span>{m.docs.backLine({ reason: back.body })}</span>
        </p>
      )}
      {doc.state === 'review' && doc.may.withdraw && <p className="muted noprint">{m.docs.inReview}</p>}
      {doc.state === 'draft' && doc.may.edit && !doc.may.issue && can(me, 'document.issue') && <p className="faint small noprint">{m.docs.ownApproval}</p>}
      {/* what differs stands above the text: both come together, so that nothing moves under the reader's eyes */}
      {differences.isLoading ? <Loaded query={differences} rows={14}>{() => null}</Loaded> : (
      <div className="document-cols">
        <div className="document-main">
          {doc.state === 'issued' && !doc.ended && doc.within && doc.cited.length > 0 && (
            <Loaded query={differences}>{d => <Differences items={d.items} same={d.same} />}</Loaded>
          )}
          <div className="row wrap document-tools noprint">
            <h2 className="grow">{m.documents.text}</h2>
            {doc.may.edit && doc.origin === 'template' && (
              <>
                {doc.texts.length > 0 && (
                  <button type="button" className="btn slim" onClick={() => setDialog('texts')}>
                    {m.docs.edit}
                  </button>
                )}
                <button type="button" className="btn slim" aria-pressed={writing} onClick={() => setWriting(!writing)}>
                  <Icon name="edit" />
                  {m.docs.write}
                </button>
              </>
            )}
            {doc.within && doc.origin === 'template' && doc.state !== 'issued' && (
              <button type="button" className="btn slim" onClick={() => setDialog('changes')}>
                {m.docs.changes}
              </button>
            )}
            <button type="button" className="btn icon slim" aria-label={m.summary.print} title={m.summary.print} onClick={() => print()}>
              <Icon name="print" />
            </button>
          </div>
          {writing && doc.may.edit && <p className="small muted noprint">{m.docs.writeHint}</p>}
          {(differences.data?.items.length ?? 0) > 0 && <p className="small faint noprint">{m.documents.legend}</p>}
          <div className="dpaper">
            {doc.html ? (
              <Paper
                doc={doc}
                selected={figure?.n}
                changed={new Set(differences.data?.items.map(d => d.n))}
                onOpen={n => set({ n, fig: undefined }, { replace: true })}
                {...(doc.may.edit && doc.texts.length ? { onText: () => setDialog('texts') } : {})}
                {...(writing && doc.may.edit ? { onBelow: (key: string, above: string) => setPlace({ key, above }) } : {})}
              />
            ) : (
              <div className="document-file">
                <Icon name="doc" size={24} />
                <p className="strong">{doc.file_name || doc.title}</p>
                <p className="muted">{m.docs.noPreview}</p>
                <a className="btn primary" href={url(`/documents/${doc.id}/file`)} download>
                  <Icon name="download" />
                  {m.docs.download}
                </a>
              </div>
            )}
          </div>
        </div>
        {doc.state !== 'issuing' && (
          <aside className="document-side" aria-label={m.docs.recipients}>
            <Deliveries doc={doc} />
            {doc.within && <History doc={doc} />}
          </aside>
        )}
      </div>
      )}
      {figure && !search.fig && doc.within && (
        <FigurePanel
          className="panel over"
          figureKey={figure.key}
          unit={figure.unit.id}
          period={figure.period}
          onClose={() => set({ n: undefined }, { replace: true })}
          nth={
            <Link to="/f/$document/$n" params={{ document: doc.id, n: String(figure.n) }} search={{}}>
              {m.source.in({ n: figure.n })}
            </Link>
          }
        />
      )}
      {figure && !doc.within && (
        <p className="document-src">
          <Link to="/f/$document/$n" params={{ document: doc.id, n: String(figure.n) }} search={{}}>
            {l(figure.title)}
            {m.common.colon}
            {figure.display} · {m.source.title}
          </Link>
        </p>
      )}
      {dialog === 'texts' && <TextsDialog doc={doc} onClose={() => setDialog(null)} title={l} />}
      {dialog === 'changes' && <ChangesDialog doc={doc} onClose={() => setDialog(null)} />}
      {place && <OwnDialog doc={doc} place={place.key} above={place.above} onClose={() => setPlace(null)} />}
    </div>
  )
}

function SignBar({ doc, unit }: { doc: Document; unit: { id: number; name: string } }) {
  const { m } = useI18n()
  const again = useAgain()
  const { busy, act } = useAct()
  const sign = async () => {
    await send('post', '/documents/{id}/sign', { id: doc.id }, { unit: unit.id })
    toast(m.docs.signedNow)
    await again()
  }
  return (
    <div className="document-sign noprint">
      <p className="grow">{m.docs.waitBar({ unit: unit.name, from: doc.sender || doc.unit.name })}</p>
      <button type="button" className="btn primary" disabled={busy} onClick={() => void act(sign)}>
        <Icon name="check" />
        {m.docs.signFor}
      </button>
    </div>
  )
}

function Head({ doc }: { doc: Document }) {
  const { m, l, lang } = useI18n()
  const meta = [
    l(doc.kind_title),
    doc.sender || doc.unit.name,
    doc.received_day && `${m.docs.received} ${longDay(doc.received_day, lang)}`,
    doc.issued_at && doc.issued_by ? m.documents.issuedBy({ who: doc.issued_by, t: longTime(doc.issued_at, lang) }) : '',
    !doc.issued_at && doc.drafted_by ? m.docs.draftedBy({ who: doc.drafted_by, t: longTime(doc.created_at, lang) }) : '',
    doc.sent_at && !doc.issued_at && doc.state !== 'draft' ? m.docs.sentBy({ who: doc.sent_by, t: longTime(doc.sent_at, lang) }) : '',
    doc.approved_at && doc.approved_by && doc.approved_by !== doc.issued_by ? m.docs.approvedBy({ who: doc.approved_by, t: longTime(doc.approved_at, lang) }) : '',
  ].filter(Boolean)
  return (
    <header className="document-head noprint">
      <div className="grow">
        <div className="row">
          <DocumentStatus state={doc.ended || doc.state} />
          <span className="faint">{doc.number || m.summary.draftNo({ n: doc.draft_no })}</span>
        </div>
        <h1>{doc.title}</h1>
        <p className="muted">
          {meta.join(m.common.sep)}
          {doc.file_sha && doc.state === 'issued' && (
            <>
              {m.common.sep}
              {m.documents.fileDigest} <code title={doc.file_sha}>{shortDigest(doc.file_sha)}</code>
            </>
          )}
        </p>
      </div>
      {doc.state !== 'issuing' && !doc.renewed && (
        <a className="btn" href={url(`/documents/${doc.id}/file`)} download>
          <Icon name="download" />
          {doc.origin !== 'template' ? m.docs.download : doc.state === 'issued' ? m.documents.downloadIssued : m.documents.downloadDraft}
        </a>
      )}
      {doc.state === 'issuing' && (
        <span className="muted" role="status">
          {m.summary.issuing}…
        </span>
      )}
      <DocActions doc={doc} />
    </header>
  )
}
