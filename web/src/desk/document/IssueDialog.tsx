import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { send } from '../../api/client'
import type { Document } from '../../api/answers'
import { uuid } from '../../shared/uuid'
import { Dialog } from '../ui/Dialog'
import { ErrorBox } from '../ui/Field'
import { Icon } from '../ui/Icon'
import { useProblemText } from '../ui/States'
import { toast } from '../ui/Toast'
import { gapCount, gapsOf } from './Outline'
import { useI18n } from './texts'

/** Issuing freezes: the dialog says what, before it happens. */
export function IssueDialog({ doc, onClose }: { doc: Document; onClose: () => void }) {
  const { m, l } = useI18n()
  const client = useQueryClient()
  const navigate = useNavigate()
  const problem = useProblemText()
  const op = useRef(uuid())
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState('')
  const missing = gapsOf(doc)
  const gaps = gapCount(doc)
  const issue = async () => {
    setBusy(true)
    setError('')
    try {
      const done = await send('post', '/documents/{id}/issue', { id: doc.id }, {}, { op: op.current, rev: doc.rev })
      toast(done.number ? m.summary.issued({ no: done.number }) : m.summary.issuing)
      void client.invalidateQueries({ predicate: q => ['summary', 'documents', 'document', 'entry', 'changes'].includes(String(q.queryKey[0])) })
      await navigate({ to: '/documents/$id', params: { id: doc.id }, search: {} })
      onClose()
    } catch (e) {
      setError(problem(e))
      setBusy(false)
      op.current = uuid()
    }
  }
  return (
    <Dialog
      title={doc.origin === 'template' && doc.kind === 'summary' ? m.summary.issueTitle : m.docs.issueTitle}
      onClose={onClose}
      {...(gaps > 0 ? {} : { onSubmit: () => void issue() })}
      submit={m.summary.issueNow}
      busy={busy}
      error={error && <ErrorBox>{error}</ErrorBox>}
    >
      <p>{doc.cited.length > 0 ? m.summary.issueAsk : m.docs.issueAsk}</p>
      <p className="gap-2 strong">{doc.recipients > 0 ? m.docs.issueTo({ n: doc.recipients }) : m.docs.issueNobody}</p>
      <ul className="facts">
        {doc.cited.length > 0 && m.summary.issueFacts({ figures: doc.cited.length, title: doc.title }).map(t => (
          <li key={t}>
            <Icon name="lock" />
            {t}
          </li>
        ))}
      </ul>
      {gaps > 0 && (
        <p className="hint">
          <Icon name="warn" />
          <span>
            {m.summary.issueGaps({ n: gaps })}
            {missing.length > 0 && (
              <>
                <br />
                {missing.map(f => l(f.title)).join(m.common.sep)}
              </>
            )}
          </span>
        </p>
      )}
      {doc.cited.length > 0 && <p className="muted gap-2">{m.summary.issueAfter}</p>}
    </Dialog>
  )
}
