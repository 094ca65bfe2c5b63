import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { send } from '../../api/client'
import type { Document, Label } from '../../api/answers'
import { FormDialog } from '../ui/Dialog'
import { toast } from '../ui/Toast'
import { FigureText } from './OwnText'
import { useI18n } from './texts'

export function TextsDialog({ doc, onClose, title }: { doc: Document; onClose: () => void; title: (l: Label) => string }) {
  const { m } = useI18n()
  const client = useQueryClient()
  const [texts, setTexts] = useState(() => Object.fromEntries(doc.texts.map(t => [t.key, t.value])))
  const save = async () => {
    await send('put', '/documents/{id}/texts', { id: doc.id }, { texts }, { rev: doc.rev })
    await client.invalidateQueries({ predicate: q => ['summary', 'document', 'documents'].includes(String(q.queryKey[0])) })
    toast(m.common.saved)
    onClose()
  }
  return (
    <FormDialog wide title={m.summary.textsTitle} onClose={onClose} onSubmit={save} submit={m.common.save}>
      <p className="muted">{m.summary.textsHint}</p>
      {doc.texts.map(t => (
        <div className="gap-3" key={t.key}>
          <FigureText doc={doc} label={title(t.title)} value={texts[t.key] ?? ''} onChange={v => setTexts({ ...texts, [t.key]: v })} />
          {t.default.zh && texts[t.key] !== t.default.zh && (
            <button type="button" className="link small" onClick={() => setTexts({ ...texts, [t.key]: t.default.zh })}>
              {m.summary.reset}
            </button>
          )}
        </div>
      ))}
    </FormDialog>
  )
}
