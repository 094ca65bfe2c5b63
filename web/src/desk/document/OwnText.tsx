import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo, useRef, useState } from 'react'
import { get, send } from '../../api/client'
import type { Document } from '../../api/answers'
import { Combo } from '../ui/Combo'
import { FormDialog } from '../ui/Dialog'
import { TextArea } from '../ui/Field'
import { Icon } from '../ui/Icon'
import { toast } from '../ui/Toast'
import { useI18n } from './texts'

/** A text into which figures of the catalogue are inserted as references: they stay live until issue. */
export function FigureText({
  doc,
  label,
  value,
  onChange,
  rows = 5,
  hint,
}: {
  doc: Document
  label: string
  value: string
  onChange: (v: string) => void
  rows?: number
  hint?: string
}) {
  const { m, l, lang } = useI18n()
  const box = useRef<HTMLTextAreaElement>(null)
  const list = useQuery({
    queryKey: ['document', doc.id, 'figures'],
    queryFn: ({ signal }) => get('/documents/{id}/figures', { id: doc.id }, signal),
    staleTime: 60_000,
  })
  const options = useMemo(
    () => (list.data?.items ?? []).map(f => ({ value: f.token, label: l(f.title), hint: `${f.display}${l(f.unit_of)}`, search: `${f.key} ${f.token} ${f.title.en}` })),
    // oxlint-disable-next-line react/exhaustive-deps
    [list.data, lang],
  )
  const insert = (token: string) => {
    const at = box.current?.selectionStart ?? value.length
    const end = box.current?.selectionEnd ?? at
    onChange(value.slice(0, at) + token + value.slice(end))
    requestAnimationFrame(() => {
      box.current?.focus()
      box.current?.setSelectionRange(at + token.length, at + token.length)
    })
  }
  return (
    <div className="figure-text">
      <TextArea label={label} hint={hint} rows={rows} box={box} value={value} onChange={onChange} />
      <div className="row wrap figure-text-ins">
        <Combo
          label={m.docs.insert}
          className="btn slim"
          value={undefined}
          options={options}
          loading={list.isPending}
          onChange={v => v && insert(v)}
          button={
            <>
              <Icon name="plus" />
              {m.docs.insert}
            </>
          }
        />
        <span className="small faint grow">{m.docs.insertHint}</span>
      </div>
    </div>
  )
}

/** One's own text below a paragraph of the template. */
export function OwnDialog({ doc, place, above, onClose }: { doc: Document; place: string; above: string; onClose: () => void }) {
  const { m } = useI18n()
  const client = useQueryClient()
  const [text, setText] = useState(doc.own[place] ?? '')
  const save = async () => {
    await send('put', '/documents/{id}/texts', { id: doc.id }, { own: { [place]: text } }, { rev: doc.rev })
    await client.invalidateQueries({ predicate: q => ['summary', 'document', 'documents', 'changes'].includes(String(q.queryKey[0])) })
    toast(m.common.saved)
    onClose()
  }
  return (
    <FormDialog wide title={m.docs.belowTitle} onClose={onClose} onSubmit={save} submit={m.common.save}>
      <p className="faint small">{m.docs.belowOf}</p>
      <blockquote className="figure-text-above">{above}</blockquote>
      <FigureText doc={doc} label={m.docs.ownText} hint={m.docs.ownHint} value={text} onChange={setText} rows={6} />
    </FormDialog>
  )
}
