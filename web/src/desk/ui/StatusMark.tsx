import type { DocumentState, EntryState } from '../../api/answers'
import { useI18n } from '../../shared/i18n'

import { StatusMark, type Mark } from '../../shared/Mark'

export { StatusMark, type Mark }

export const markOf: Record<EntryState, Mark> = { draft: 'draft', submitted: 'wait', returned: 'back', verified: 'ok', void: 'void' }

export function EntryStatus({ state }: { state: EntryState }) {
  const { m } = useI18n()
  return <StatusMark mark={markOf[state]}>{m.state[state]}</StatusMark>
}

export function DocumentStatus({ state }: { state: DocumentState }) {
  const { m } = useI18n()
  return <StatusMark mark={state === 'issued' || state === 'received' ? 'ok' : state === 'draft' ? 'draft' : state === 'revoked' || state === 'repealed' ? 'void' : 'wait'}>{m.docs.states[state]}</StatusMark>
}

/** How long something waits: late first, then days waited. */
export function WaitMark({ late, waiting }: { late: number; waiting: number }) {
  const { m } = useI18n()
  if (late > 0) return <StatusMark mark="late">{m.state.late({ n: late })}</StatusMark>
  return <StatusMark mark="wait">{waiting > 0 ? m.state.waiting({ n: waiting }) : m.common.today}</StatusMark>
}
