import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { send } from '../../api/client'
import type { Document } from '../../api/answers'
import { tableTime } from '../../shared/format'
import { FormDialog } from '../ui/Dialog'
import { TextArea } from '../ui/Field'
import { useProblemText } from '../ui/States'
import { toast } from '../ui/Toast'
import { useNews } from '../ui/news'
import { useAct } from '../ui/useAct'
import { useReason } from '../ui/useReason'
import { IssueDialog } from './IssueDialog'
import { useI18n } from './texts'

export function useAgain() {
  const news = useNews()
  return () => news('document')
}

/** The next steps of a document, for whoever may take them. */
export function DocActions({ doc, quiet }: { doc: Document; quiet?: boolean }) {
  const { m } = useI18n()
  const again = useAgain()
  const navigate = useNavigate()
  const problem = useProblemText()
  const [dialog, setDialog] = useState<'issue' | 'back' | 'discard' | 'end' | null>(null)
  const [busy, setBusy] = useState(false)
  const step = async (path: 'submit' | 'withdraw' | 'approve', done: string) => {
    setBusy(true)
    try {
      await send('post', `/documents/{id}/${path}`, { id: doc.id }, {}, { rev: doc.rev })
      toast(done)
    } catch (e) {
      toast.bad(problem(e))
    }
    await again()
    setBusy(false)
  }
  const { may } = doc
  return (
    <>
      {may.discard && !quiet && (
        <button type="button" className="btn" onClick={() => setDialog('discard')}>
          {m.docs.discard}
        </button>
      )}
      {may.withdraw && (
        <button type="button" className="btn" disabled={busy} onClick={() => void step('withdraw', m.docs.withdrawn)}>
          {m.docs.withdraw}
        </button>
      )}
      {may.approve && (
        <>
          <button type="button" className="btn" onClick={() => setDialog('back')}>
            {m.docs.sendBack}
          </button>
          <button type="button" className={may.issue ? 'btn' : 'btn primary'} disabled={busy} onClick={() => void step('approve', m.docs.approved)}>
            {m.docs.approve}
          </button>
        </>
      )}
      {may.submit && (
        <button type="button" className={may.issue ? 'btn' : 'btn primary'} disabled={busy} onClick={() => void step('submit', m.docs.submitted)}>
          {m.docs.submit}
        </button>
      )}
      {may.issue && (
        <button type="button" className="btn primary" onClick={() => setDialog('issue')}>
          {m.docs.issue}
        </button>
      )}
      {may.end && !quiet && (
        <button type="button" className="btn" onClick={() => setDialog('end')}>
          {m.docs.end}
        </button>
      )}
      {dialog === 'end' && <EndDialog doc={doc} onClose={() => setDialog(null)} onDone={again} />}
      {dialog === 'issue' && <IssueDialog doc={doc} onClose={() => setDialog(null)} />}
      {dialog === 'back' && <BackDialog doc={doc} onClose={() => setDialog(null)} onDone={again} />}
      {dialog === 'discard' && (
        <DiscardDialog
          doc={doc}
          onClose={() => setDialog(null)}
          onDone={async () => {
            await navigate({ to: '/documents', search: {} })
            await again()
          }}
        />
      )}
    </>
  )
}

function BackDialog({ doc, onClose, onDone }: { doc: Document; onClose: () => void; onDone: () => Promise<void> }) {
  const { m } = useI18n()
  const { reason, check, field } = useReason(m.docs.needReason)
  const sendBack = async () => {
    await send('post', '/documents/{id}/send-back', { id: doc.id }, { reason }, { rev: doc.rev })
    toast(m.docs.sentBack)
    await onDone()
    onClose()
  }
  return (
    <FormDialog title={m.docs.sendBackTitle} onClose={onClose} check={check} onSubmit={sendBack} submit={m.docs.sendBack}>
      <TextArea label={m.docs.reason} rows={3} maxLength={500} {...field} />
    </FormDialog>
  )
}

/** An issued document stops to hold: everything of it is kept, its recipients are told. */
function EndDialog({ doc, onClose, onDone }: { doc: Document; onClose: () => void; onDone: () => Promise<void> }) {
  const { m } = useI18n()
  const [how, setHow] = useState<'revoked' | 'repealed'>('repealed')
  const { reason, check, field } = useReason(m.docs.endNeedReason)
  const end = async () => {
    await send('post', '/documents/{id}/end', { id: doc.id }, { how, reason }, { rev: doc.rev })
    toast(m.docs.endDone)
    await onDone()
    onClose()
  }
  return (
    <FormDialog danger title={m.docs.endTitle} onClose={onClose} check={check} onSubmit={end} submit={m.docs.states[how]}>
      <p className="strong">{doc.title}</p>
      <p className="muted">{doc.number}</p>
      <fieldset className="document-how gap-3">
        <legend>{m.docs.endHow}</legend>
        {(['repealed', 'revoked'] as const).map(x => (
          <label key={x}>
            <input type="radio" name="how" checked={how === x} onChange={() => setHow(x)} /> {x === 'revoked' ? m.docs.endRevoke : m.docs.endRepeal}
          </label>
        ))}
      </fieldset>
      <TextArea label={m.docs.endReason} rows={3} maxLength={500} {...field} />
      <p className="small muted gap-2">{m.docs.endAsk}</p>
    </FormDialog>
  )
}

function DiscardDialog({ doc, onClose, onDone }: { doc: Document; onClose: () => void; onDone: () => Promise<void> }) {
  const { m } = useI18n()
  const discard = async () => {
    await send('delete', '/documents/{id}', { id: doc.id }, undefined, { rev: doc.rev })
    toast(m.docs.discarded)
    await onDone()
  }
  return (
    <FormDialog danger title={m.docs.discard} onClose={onClose} onSubmit={discard}>
      <p className="strong">{doc.title}</p>
      <p className="gap-2">{m.docs.discardAsk}</p>
    </FormDialog>
  )
}

/** What happened to a document and what was said about it, with a line to say something oneself. */
export function History({ doc }: { doc: Document }) {
  const { m } = useI18n()
  const again = useAgain()
  const { busy, act } = useAct()
  const [text, setText] = useState('')
  const say = async () => {
    await send('post', '/documents/{id}/comments', { id: doc.id }, { text: text.trim() })
    setText('')
    await again()
  }
  return (
    <section className="document-hist noprint">
      <h2>{m.docs.history}</h2>
      <ol>
        {doc.events.map(e => (
          <li key={e.id} className={e.op === 'comment' || e.op === 'return' ? 'said' : ''}>
            <p>
              <span className="strong">{e.by}</span> {m.docs.ops[e.op] ?? e.op}
              {e.body && e.op !== 'comment' && e.op !== 'return' && <span className="muted"> {e.body}</span>}
              <span className="faint small nowrap"> {tableTime(e.at)}</span>
            </p>
            {(e.op === 'comment' || e.op === 'return') && <blockquote>{e.body}</blockquote>}
          </li>
        ))}
      </ol>
      {doc.may.comment && (
        <form
          className="document-say"
          onSubmit={e => {
            e.preventDefault()
            if (text.trim()) void act(say)
          }}
        >
          <textarea className="input" rows={2} aria-label={m.docs.comment} placeholder={m.docs.comment} value={text} onChange={e => setText(e.target.value)} />
          <button type="submit" className="btn" disabled={busy || !text.trim()}>
            {m.docs.commentSend}
          </button>
        </form>
      )}
    </section>
  )
}
