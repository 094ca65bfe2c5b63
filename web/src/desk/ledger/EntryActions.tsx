import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { send } from '../../api/client'
import { ProblemError } from '../../api/errors'
import type { Entry } from '../../api/answers'
import { Dialog, FormDialog } from '../ui/Dialog'
import { TextArea } from '../ui/Field'
import { useProblemText } from '../ui/States'
import { toast } from '../ui/Toast'
import { useReason } from '../ui/useReason'
import { useEntryChanged } from './entry'
import { useI18n } from './texts'

type Op = 'submit' | 'withdraw' | 'verify' | 'return' | 'void' | 'delete'

/** What this person may do with this record now; the server said which. */
export function EntryActions({ entry, onDeleted, small }: { entry: Entry; onDeleted?: () => void; small?: boolean }) {
  const { m } = useI18n()
  const changed = useEntryChanged()
  const navigate = useNavigate()
  const problem = useProblemText()
  const [dialog, setDialog] = useState<'return' | 'void' | 'delete' | null>(null)
  const [busy, setBusy] = useState(false)
  const may = entry.may

  const run = async (op: Op, reason?: string) => {
    setBusy(true)
    try {
      const done =
        op === 'delete'
          ? await send('delete', '/entries/{id}', { id: entry.id }, undefined, { rev: entry.rev })
          : await send('post', `/entries/{id}/${op}`, { id: entry.id }, reason === undefined ? undefined : { reason }, { rev: entry.rev })
      setDialog(null)
      toast(m.entry.done[op])
      if (op === 'delete') {
        onDeleted?.()
        if (!onDeleted) await navigate({ to: '/ledger/$kind', params: { kind: entry.kind }, search: {} })
      }
      await changed('deleted' in done ? undefined : done)
    } catch (e) {
      if (e instanceof ProblemError && e.problem.status === 412) void changed()
      if (dialog) throw e
      toast.bad(problem(e))
    } finally {
      setBusy(false)
    }
  }
  const b = small ? 'btn slim' : 'btn'
  return (
    <>
      {may.verify && (
        <button type="button" className={`${b} primary`} disabled={busy} onClick={() => void run('verify')}>
          {m.entry.verify}
        </button>
      )}
      {may.return && (
        <button type="button" className={b} disabled={busy} onClick={() => setDialog('return')}>
          {m.entry.return}
        </button>
      )}
      {may.submit && (
        <button type="button" className={`${b} primary`} disabled={busy} onClick={() => void run('submit')}>
          {m.entry.submit}
        </button>
      )}
      {may.edit && (
        <Link className={b} to="/entry/$id/edit" params={{ id: entry.id }} search={{}}>
          {m.entry.editNow}
        </Link>
      )}
      {may.withdraw && (
        <button type="button" className={b} disabled={busy} onClick={() => void run('withdraw')}>
          {m.entry.withdraw}
        </button>
      )}
      {may.succeed && (
        <Link className={b} to="/entry/$id/edit" params={{ id: entry.id }} search={{ state: 'succeed' }}>
          {m.entry.succeed}
        </Link>
      )}
      {may.void && (
        <button type="button" className={`${b} danger`} disabled={busy} onClick={() => setDialog('void')}>
          {m.entry.void}
        </button>
      )}
      {may.delete && (
        <button type="button" className={`${b} danger`} disabled={busy} onClick={() => setDialog('delete')}>
          {m.entry.delete}
        </button>
      )}
      {dialog === 'return' && (
        <ReasonDialog
          title={m.entry.returnTitle}
          ask={m.entry.returnAsk}
          chips
          submit={m.entry.return}
          onClose={() => setDialog(null)}
          onGo={r => run('return', r)}
        />
      )}
      {dialog === 'void' && (
        <ReasonDialog
          danger
          title={m.entry.voidTitle}
          ask={m.entry.voidAsk}
          submit={m.entry.void}
          onClose={() => setDialog(null)}
          onGo={r => run('void', r)}
        />
      )}
      {dialog === 'delete' && (
        <Dialog
          danger
          title={m.entry.deleteTitle}
          onClose={() => setDialog(null)}
          onSubmit={() => void run('delete').catch(e => toast.bad(problem(e)))}
          submit={m.entry.delete}
          busy={busy}
        >
          <p>{m.entry.deleteAsk}</p>
        </Dialog>
      )}
    </>
  )
}

/** What is mostly said when a record goes back. */
export function Reasons({ pick }: { pick: (reason: string) => void }) {
  const { m } = useI18n()
  return m.entry.reasons.map(r => (
    <button type="button" key={r} className="btn slim" onClick={() => pick(r)}>
      {r}
    </button>
  ))
}

function ReasonDialog({
  title,
  ask,
  chips,
  submit,
  danger,
  onClose,
  onGo,
}: {
  title: string
  ask: string
  chips?: boolean
  submit: string
  danger?: boolean
  onClose: () => void
  onGo: (reason: string) => Promise<void>
}) {
  const { m } = useI18n()
  const { reason, check, field } = useReason(m.entry.needReason)
  return (
    <FormDialog title={title} onClose={onClose} check={check} onSubmit={() => onGo(reason)} submit={submit} danger={danger ?? false}>
      <p className="muted">{ask}</p>
      {chips && (
        <p className="row wrap gap-2">
          <Reasons pick={field.onChange} />
        </p>
      )}
      <div className="gap-3">
        <TextArea label={m.common.reason} autoFocus {...field} />
      </div>
    </FormDialog>
  )
}
