import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { send, type Answer } from '../../api/client'
import { Dialog } from '../ui/Dialog'
import { StatusMark } from '../ui/StatusMark'
import { useRun } from '../ui/useRun'
import { useI18n } from './texts'

type Read = Answer<'/inspect-paper', 'post'>

/** Reads a sheet that was filled in: first what would become of it, then all of it or nothing. */
export function PaperDialog({ onClose }: { onClose: () => void }) {
  const { m, l } = useI18n()
  const client = useQueryClient()
  const { busy, error, setError, run } = useRun()
  const [file, setFile] = useState<File | null>(null)
  const [got, setGot] = useState<Read | null>(null)
  const ask = (keep: boolean, chosen = file) => {
    if (!chosen) return setError(m.inspect.paperAsk)
    void run(async op => {
      setGot(await send('post', '/inspect-paper', { keep }, new Blob([chosen]), { op }))
      if (keep) void client.invalidateQueries({ predicate: q => ['visits', 'inspect-places', 'inspect-today', 'campaign', 'campaigns', 'cases', 'bench', 'figure'].includes(String(q.queryKey[0])) })
    })
  }
  const ready = !!got && !got.kept && got.faults === 0
  return (
    <Dialog
      title={m.inspect.paper}
      onClose={onClose}
      onSubmit={() => (got?.kept ? onClose() : ask(ready))}
      submit={got?.kept ? m.common.close : ready ? m.inspect.paperKeep({ n: got.rows.length }) : m.inspect.paperRead}
      busy={busy}
      error={error}
    >
      {!got?.kept && (
        <>
          <p className="muted">{m.inspect.paperHint}</p>
          <input
            type="file"
            className="input gap-2"
            accept=".xlsx"
            aria-label={m.inspect.paperAsk}
            onChange={e => {
              const chosen = e.target.files?.[0] ?? null
              setFile(chosen)
              setGot(null)
              if (chosen) ask(false, chosen)
            }}
          />
        </>
      )}
      {got && (
        <ul className="facts" data-testid="paper">
          {got.rows.map(r => (
            <li key={r.place}>
              <span className="grow">
                <b>{r.name}</b> <span className="muted">{[r.day, m.check.items({ n: r.answered }), m.check.wrong({ n: r.wrong })].filter(Boolean).join(m.common.sep)}</span>
                {r.faults.map((f, i) => (
                  <span key={i} className="paper-fault">
                    <code>{f.cell}</code> {l(f.say)}
                  </span>
                ))}
              </span>
              {r.link && (
                <Link to="/visits/$id" params={{ id: r.link.slice(8) }} search={{}}>
                  {r.no}
                </Link>
              )}
              <StatusMark mark={r.faults.length > 0 ? 'late' : r.link ? 'ok' : 'wait'}>{r.faults.length > 0 ? m.inspect.paperFaults({ n: r.faults.length }) : r.known ? m.inspect.receiveStates.known : r.link ? m.inspect.receiveStates.taken : m.inspect.paperFine}</StatusMark>
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  )
}
