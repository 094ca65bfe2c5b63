import { useState } from 'react'
import { DayInput } from '../ui/DayInput'
import { FormDialog } from '../ui/Dialog'
import { FieldBox } from '../ui/Field'
import { useMe } from '../ui/hooks'
import type { Checked } from './types'
import { useI18n } from './texts'

/** What a new version changes, and from which day it holds: nobody but a person says it. */
export function SaveDialog({ changes, fresh, onSave, onClose }: { changes: Checked['changes']; fresh: boolean; onSave: (from: string, op: string) => Promise<unknown>; onClose: () => void }) {
  const { m, l } = useI18n()
  const me = useMe()
  const [from, setFrom] = useState('')
  const [fault, setFault] = useState('')
  const check = () => {
    const ok = from !== '' && from >= me.today
    setFault(ok ? '' : m.forms.fromAsk)
    return ok
  }
  return (
    <FormDialog title={m.forms.saveTitle} submit={fresh ? m.forms.saveNew : m.forms.save} onClose={onClose} check={check} onSubmit={op => onSave(from, op)}>
      {!fresh && (
        <>
          <h3>{m.forms.changes}</h3>
          {changes.length === 0 && <p className="muted">{m.forms.noChanges}</p>}
          <ul className="facts checklist-changes">
            {changes.map((c, i) => (
              <li key={i}>
                <span className={`checklist-kind ${c.kind}`}>{m.forms.kinds[c.kind]}</span>
                <span className={c.kind === 'removed' ? 'grow struck' : 'grow'}>{l(c.title)}</span>
                <span className="muted small">{c.fields.map(f => m.forms.fields[f] ?? f).join(m.common.sep)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      <FieldBox label={m.forms.from} hint={m.forms.fromHint} error={fault}>
        {a => <DayInput id={a.id} value={from} onChange={setFrom} min={me.today} invalid={a.invalid} describedby={a.describedby} label={m.forms.from} />}
      </FieldBox>
    </FormDialog>
  )
}
