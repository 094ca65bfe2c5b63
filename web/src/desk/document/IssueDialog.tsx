import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { send } from '../../api/client'
import type { Document } from '../../api/answers'
import { FormDialog } from '../ui/Dialog'
import { Icon } from '../ui/Icon'
import { toast } from '../ui/Toast'
import { gapCount, gapsOf } from './Outline'
import { useI18n } from './texts'

/** Issuing freezes: the dialog says what, before it happens. */
export function IssueDialog({ doc, onClose }: { doc: Document; onClose: () => void }) {
  const { m, l } = useI18n()
  const client = useQueryClient()
  const navigate = useNavigate()
  const missing = gapsOf(doc)
  const gaps = gapCount(doc)
  const issue = async (op: string) => {
    const done = await send('post', '/documents/{id}/issue', { id: doc.id }, {}, { op, rev: doc.rev })
    toast(done.number ? m.summary.issued({ no: done.number }) : m.summary.issuing)
    void client.invalidateQueries({ predicate: q => ['summary', 'documents', 'document', 'entry', 'changes'].includes(String(q.queryKey[0])) })
    await navigate({ to: '/documents/$id', params: { id: doc.id }, search: {} })
    onClose()
  }
  return (
    <FormDialog
      title={doc.origin === 'template' && doc.kind === 'summary' ? m.summary.issueTitle : m.docs.issueTitle}
      onClose={onClose}
      onSubmit={gaps > 0 ? undefined : issue}
      submit={m.summary.issueNow}
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
    </FormDialog>
  )
}
