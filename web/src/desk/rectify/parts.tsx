import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { send } from '../../api/client'
import { shortDay, tableTime } from '../../shared/format'
import { StatusMark, type Mark } from '../ui/StatusMark'
import { toast } from '../ui/Toast'
import { useMe } from '../ui/hooks'
import type { Looks, Row, View } from './types'
import { useI18n } from './texts'

const marks: Record<Row['state'], Mark> = { draft: 'draft', sent: 'draft', fixing: 'open', returned: 'back', replied: 'wait', asked: 'wait', objected: 'wait', closed: 'ok', revoked: 'void', transferred: 'wait' }

export function CaseState({ row }: { row: Pick<Row, 'state'> }) {
  const { m } = useI18n()
  return <StatusMark mark={marks[row.state]}>{m.cases.states[row.state]}</StatusMark>
}

/** How the deadline of whoever has to act stands, in a mark and words; nothing where nobody has to. */
export function Deadline({ row }: { row: Pick<Row, 'late' | 'left' | 'due' | 'open'> }) {
  const { m } = useI18n()
  if (row.late > 0) return <StatusMark mark="late">{m.cases.late({ n: row.late })}</StatusMark>
  if (!row.due) return null
  return <span className="muted nowrap">{m.cases.left({ n: row.left })}</span>
}

/** The end of a deadline: its day, and the time where that is not the end of the day. */
export function endOf(at: number) {
  const t = tableTime(at)
  if (!t.endsWith('00:00')) return t
  return tableTime(at - 60_000).slice(0, 10)
}

/** The operation that a step belongs to. */
const ways: Record<string, 'issue' | 'reply' | 'recheck' | 'decide' | 'transfer' | 'reopen' | 'revoke'> = {
  issue: 'issue', escalate: 'issue', readdress: 'issue', sign: 'reply', reply: 'reply', ask: 'reply', object: 'reply', pass: 'recheck', fail: 'recheck', stands: 'recheck', again: 'recheck', grant: 'decide', refuse: 'decide', uphold: 'decide',
  dismiss: 'decide', transfer: 'transfer', result: 'transfer', back: 'transfer', reopen: 'reopen', revoke: 'revoke',
}
export type Said = { words?: string; photos?: string[]; fixes?: string[]; instrument?: string; party?: number; day?: string; result?: { no: string; decision: 'fined' | 'warned' | 'spared' | 'declined'; amount: number; day: string } }

/** Writes the official notice of a case and goes there: it is read and put forward among the documents. */
export function useNotice(v: View) {
  const client = useQueryClient()
  const navigate = useNavigate()
  return async () => {
    const next = await send('post', '/cases/{id}/notice', { id: v.id }, undefined, { rev: v.rev })
    client.setQueryData(['case', v.id], next)
    void client.invalidateQueries({ queryKey: ['documents'] })
    await navigate({ to: '/documents/$id', params: { id: next.notices[0]!.id }, search: {} })
  }
}

/** Makes a step of a case and shows what became of it. */
export function useStep(v: View) {
  const { m } = useI18n()
  const client = useQueryClient()
  return async (step: string, said: Said = {}, op?: string) => {
    const way = ways[step]!
    const next = await send('post', `/cases/{id}/${way}`, { id: v.id }, { op: step, ...said }, { rev: v.rev, ...(op ? { op } : {}) })
    client.setQueryData(['case', v.id], next)
    void client.invalidateQueries({ predicate: q => ['cases', 'bench', 'me', 'figure', 'inspect-place', 'look-backs'].includes(String(q.queryKey[0])) })
    toast(m.cases.done[step]!)
  }
}

/** Until when a look-back is owed. */
export function Until({ row }: { row: Looks['rows'][number] }) {
  const { m } = useI18n()
  const me = useMe()
  if (row.behind > 0) return <StatusMark mark="late">{m.cases.late({ n: row.behind })}</StatusMark>
  return <StatusMark mark="wait">{row.until ? m.cases.should({ t: shortDay(endOf(row.until).slice(0, 10), me.today) }) : m.cases.dutyOpen}</StatusMark>
}
