import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { send } from '../../api/client'
import { periodName } from '../../shared/format'
import { State } from '../ui/States'
import { can, useMe, useScope } from '../ui/hooks'
import { useAct } from '../ui/useAct'
import { useI18n } from './texts'

/** Nothing drafted yet for this unit and period. */
export function NoSummary({ unit, period }: { unit: number; period: string }) {
  const { m, lang } = useI18n()
  const me = useMe()
  const { unitName } = useScope()
  const client = useQueryClient()
  const { busy, act } = useAct()
  const draft = async () => {
    await send('post', '/documents', {}, { template: 'annual-summary', unit, period })
    await client.invalidateQueries({ predicate: q => ['summary', 'documents'].includes(String(q.queryKey[0])) })
  }
  return (
    <State
      kind="empty"
      title={m.summary.none({ unit: unitName, period: periodName(period, lang) })}
      actions={
        <>
          {can(me, 'document.edit') && (
            <button type="button" className="btn primary" disabled={busy} onClick={() => void act(draft)}>
              {m.summary.start}
            </button>
          )}
          <Link className="btn" to="/bench" search={{}}>
            {m.states.toBench}
          </Link>
        </>
      }
    >
      {m.summary.noneHint}
    </State>
  )
}
