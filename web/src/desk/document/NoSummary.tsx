import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { send } from '../../api/client'
import { periodName } from '../../shared/format'
import { State, useProblemText } from '../ui/States'
import { toast } from '../ui/Toast'
import { can, useMe, useScope } from '../ui/hooks'
import { useI18n } from './texts'

/** Nothing drafted yet for this unit and period. */
export function NoSummary({ unit, period }: { unit: number; period: string }) {
  const { m, lang } = useI18n()
  const me = useMe()
  const { unitName } = useScope()
  const client = useQueryClient()
  const problem = useProblemText()
  const [busy, setBusy] = useState(false)
  const draft = async () => {
    setBusy(true)
    try {
      await send('post', '/documents', {}, { template: 'annual-summary', unit, period })
      await client.invalidateQueries({ predicate: q => ['summary', 'documents'].includes(String(q.queryKey[0])) })
    } catch (e) {
      toast.bad(problem(e))
      setBusy(false)
    }
  }
  return (
    <State
      kind="empty"
      title={m.summary.none({ unit: unitName, period: periodName(period, lang) })}
      actions={
        <>
          {can(me, 'document.edit') && (
            <button type="button" className="btn primary" disabled={busy} onClick={() => void draft()}>
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
