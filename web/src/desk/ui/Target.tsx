import { useI18n } from '../../shared/i18n'
import { StatusMark, type Mark } from './StatusMark'

export type TargetStateName = 'reached' | 'ahead' | 'behind' | 'missed' | 'kept' | 'exceeded'

const mark: Record<TargetStateName, Mark> = { reached: 'ok', ahead: 'ok', kept: 'ok', behind: 'wait', missed: 'late', exceeded: 'late' }

/** How a target stands, in a word and a mark. */
export function TargetState({ state }: { state: TargetStateName }) {
  const { m } = useI18n()
  return <StatusMark mark={mark[state]}>{m.plan.states[state]}</StatusMark>
}

/** The share of a target that is reached; the stroke stands where it should be by the day. The numbers stand beside it. */
export function TargetBar({ t }: { t: { permille: number; expected_permille?: number; at_most: boolean; state: TargetStateName } }) {
  const at = t.expected_permille ?? 0
  const bad = t.state === 'missed' || t.state === 'exceeded'
  return (
    <span className={bad ? 'tbar bad' : t.state === 'behind' ? 'tbar slow' : 'tbar'} aria-hidden="true">
      <i style={{ width: `${Math.min(t.permille, 1000) / 10}%` }} />
      {!t.at_most && at > 0 && at < 1000 && <em style={{ left: `${at / 10}%` }} />}
    </span>
  )
}
