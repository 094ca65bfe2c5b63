import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { send, type Answer } from '../../api/client'
import { Dialog } from '../ui/Dialog'
import { StatusMark } from '../ui/StatusMark'
import { useRun } from '../ui/useRun'
import { useI18n } from './texts'

type Received = Answer<'/field/exports', 'post'>

/** Takes in what somebody's phone has exported; the author stays who he was. */
export function ReceiveDialog({ onClose }: { onClose: () => void }) {
  const { m, l } = useI18n()
  const client = useQueryClient()
  const { busy, error, setError, run } = useRun()
  const [file, setFile] = useState<File | null>(null)
  const [got, setGot] = useState<Received | null>(null)
  const go = () => {
    if (got) return onClose()
    if (!file) return setError(m.inspect.receiveAsk)
    void run(async op => {
      setGot(await send('post', '/field/exports', {}, new Blob([file]), { op }))
      void client.invalidateQueries({ predicate: q => ['visits', 'inspect-places', 'campaign', 'campaigns', 'cases', 'bench', 'figure'].includes(String(q.queryKey[0])) })
    })
  }
  const mark = { taken: 'ok', known: 'ok', look: 'wait', refused: 'late' } as const
  return (
    <Dialog title={m.inspect.receive} onClose={onClose} onSubmit={go} submit={got ? m.common.close : m.inspect.receiveGo} busy={busy} error={error}>
      {!got && (
        <>
          <p className="muted">{m.inspect.receiveHint}</p>
          <input type="file" className="input gap-2" accept=".zip" aria-label={m.inspect.receiveAsk} onChange={e => setFile(e.target.files?.[0] ?? null)} />
        </>
      )}
      {got && (
        <ul className="facts" data-testid="received">
          {got.rows.map((r, i) => (
            <li key={i}>
              <span className="grow">
                <b>{r.title}</b> <span className="muted">{r.name}</span>
                {r.say.map(s => (
                  <span key={s.zh} className="faint small">
                    {' '}
                    {l(s)}
                  </span>
                ))}
              </span>
              {r.link.startsWith('/visits/') && (
                <Link to="/visits/$id" params={{ id: r.link.slice(8) }} search={{}}>
                  {r.no || m.common.open}
                </Link>
              )}
              <StatusMark mark={mark[r.state]}>{m.inspect.receiveStates[r.state]}</StatusMark>
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  )
}
