import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { get, send, url } from '../../api/client'
import { Dialog } from '../ui/Dialog'
import { TextArea } from '../ui/Field'
import { StatusMark } from '../ui/StatusMark'
import { toast } from '../ui/Toast'
import { can, useMe } from '../ui/hooks'
import { useRun } from '../ui/useRun'
import { Outcome } from './campaign-parts'
import type { TodayRow } from './types'
import { useI18n } from './texts'

/** The places that were drawn for oneself today; nothing where there is none. Which is a second look is not said. */
export function Today() {
  const { m, l } = useI18n()
  const me = useMe()
  const { data } = useQuery({ queryKey: ['inspect-today'], queryFn: ({ signal }) => get('/inspect-today', {}, signal), enabled: can(me, 'inspect.visit') })
  const [miss, setMiss] = useState<TodayRow | null>(null)
  const list = data?.items ?? []
  if (list.length === 0) return null
  return (
    <section className="today-list" data-testid="today">
      <h2>
        {m.campaign.today}{' '}
        {list.some(x => x.outcome === 'open') && (
          <a className="small no-phone" href={url('/inspect-paper')} download>
            {m.inspect.paperToday}
          </a>
        )}{' '}
        <span className="muted small">{m.campaign.todayDone({ a: list.filter(x => x.outcome === 'done').length, b: list.length })}</span>
      </h2>
      <ul className="inspect-list">
        {list.map(x => (
          <li key={`${x.campaign} ${x.key}`}>
            <Link className="grow inspect-name" to="/inspect/place" search={{ key: x.key }}>
              <b>{x.name}</b>
              <span className="muted small">
                {x.stratum} {l(x.form)}
              </span>
            </Link>
            <span className="inspect-last">
              {x.open_cases.length > 0 && x.outcome === 'open' && <StatusMark mark="late">{m.campaign.openN({ n: x.open_cases.length })}</StatusMark>}
              {x.outcome !== 'open' && (
                <span>
                  <Outcome of={x.outcome} reason={x.reason} />
                </span>
              )}
            </span>
            {x.outcome === 'open' && (
              <>
                <button type="button" className="btn quiet" onClick={() => setMiss(x)}>
                  {m.campaign.miss}
                </button>
                <Link className="btn primary" to="/inspect/check" search={{ key: x.key, form: x.checklist }}>
                  {m.inspect.check}
                </Link>
              </>
            )}
            {x.outcome === 'done' && (
              <Link className="btn" to="/visits/$id" params={{ id: x.visit }} search={{}}>
                {m.common.open}
              </Link>
            )}
          </li>
        ))}
      </ul>
      {miss && <MissDialog x={miss} onClose={() => setMiss(null)} />}
    </section>
  )
}

function MissDialog({ x, onClose }: { x: TodayRow; onClose: () => void }) {
  const { m } = useI18n()
  const client = useQueryClient()
  const { busy, error, setError, run } = useRun()
  const [reason, setReason] = useState('')
  const go = () => {
    if (reason.trim().length < 2) return setError(m.campaign.missAsk)
    void run(async op => {
      const d = await send('post', '/inspect-today/missed', {}, { campaign: x.campaign, place: x.key, reason: reason.trim() }, { op })
      client.setQueryData(['inspect-today'], d)
      void client.invalidateQueries({ predicate: q => ['campaign', 'campaigns'].includes(String(q.queryKey[0])) })
      toast(m.campaign.missDone)
      onClose()
    })
  }
  return (
    <Dialog title={`${m.campaign.miss} ${x.name}`} onClose={onClose} onSubmit={go} submit={m.common.confirm} busy={busy} error={error}>
      <p className="muted">{m.campaign.missAsk}</p>
      <div className="check-chips">
        {m.campaign.missWhy.map(w => (
          <button key={w} type="button" className="tap" aria-pressed={reason === w} onClick={() => setReason(w)}>
            {w}
          </button>
        ))}
      </div>
      <TextArea label={m.campaign.reasonLabel} value={reason} onChange={setReason} maxLength={300} />
    </Dialog>
  )
}
