import { StatusMark, type Mark } from '../ui/StatusMark'
import type { AwardRow, Claimant, Receiver } from './types'
import { useI18n } from './texts'

const marks: Record<AwardRow['state'], Mark> = { draft: 'draft', reviewed: 'open', public: 'wait', approved: 'ok', settled: 'ok' }
const rowMarks: Record<Claimant['state'], Mark> = {
  waits: 'back',
  out: 'void',
  draft: 'draft',
  due: 'open',
  ordered: 'wait',
  paid: 'ok',
  withheld: 'wait',
  over: 'back',
  recovered: 'void',
  nothing: 'void',
}

export function AwardState({ state }: { state: AwardRow['state'] }) {
  const { m } = useI18n()
  return <StatusMark mark={marks[state]}>{m.fund.states[state]}</StatusMark>
}

export function ClaimantState({ state }: { state: Claimant['state'] }) {
  const { m } = useI18n()
  return <StatusMark mark={rowMarks[state]}>{m.fund.rowStates[state]}</StatusMark>
}

/** Where a run is on its way from computing to settling: the six steps, the current one marked. */
export function Flow({ state }: { state: AwardRow['state'] }) {
  const { m } = useI18n()
  const at = { draft: 0, reviewed: 2, public: 3, approved: 4, settled: 5 }[state]
  return (
    <ol className="fnd-flow">
      {m.fund.flow.map((x, i) => (
        <li key={x} aria-current={i === at ? 'step' : undefined} data-done={i < at || undefined}>
          {x}
        </li>
      ))}
    </ol>
  )
}

/** Who gets the money, and what may be passed on. */
export function Receivers({ of }: { of: readonly Receiver[] }) {
  const { l } = useI18n()
  return (
    <ul className="fnd-split">
      {of.map((r, i) => (
        <li key={i}>
          <span>
            {l(r.title)} {r.name} <span className="small muted">{l(r.terms)}</span>
          </span>
          <b>{r.amount}</b>
          {r.onward.length > 0 && <Receivers of={r.onward} />}
        </li>
      ))}
    </ul>
  )
}
