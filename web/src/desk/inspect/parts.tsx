import { StatusMark } from '../ui/StatusMark'
import type { VisitRow } from './types'
import { useI18n } from './texts'

/** What a visit came to, both numbers. */
export function VisitResult({ v }: { v: Pick<VisitRow, 'state' | 'failed' | 'answered' | 'asked' | 'counted'> }) {
  const { m } = useI18n()
  if (v.state === 'void') return <StatusMark mark="void">{m.inspect.voided}</StatusMark>
  return (
    <span className="inspect-result">
      <StatusMark mark={v.failed > 0 ? 'late' : 'ok'}>{m.inspect.failedOf({ a: v.failed, b: v.answered })}</StatusMark>
      {v.asked > v.answered && <span className="faint small">{m.inspect.unanswered({ n: v.asked - v.answered })}</span>}
      {!v.counted && <span className="faint small">{m.inspect.notCounted}</span>}
    </span>
  )
}
