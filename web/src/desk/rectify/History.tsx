import { int, tableTime } from '../../shared/format'
import { StatusMark, type Mark } from '../ui/StatusMark'
import { endOf } from './parts'
import type { Event, View } from './types'
import { useI18n } from './texts'

const marks: Record<string, Mark> = { fail: 'back', overdue: 'late', revoke: 'void', uphold: 'void', refuse: 'void', ask: 'wait', object: 'wait', transfer: 'late', escalate: 'late', again: 'back' }

/** What happened, oldest first, by round; only ever added to. */
export function History({ v }: { v: View }) {
  const { m, l, lang } = useI18n()
  const words = (e: Event) => {
    if (e.look) return e.op === 'pass' ? m.cases.lookPass : e.op === 'fail' ? m.cases.lookFail : m.cases.ops[e.op]
    const t = m.cases.ops[e.op] ?? e.op
    if ((e.op === 'issue' || e.op === 'escalate') && e.instrument) return `${t} ${l(e.instrument)}`
    return e.op === 'ask' ? `${t} ${e.day}` : t
  }
  return (
    <section>
      <h2>
        {m.cases.history} <span className="muted small">{m.cases.steps({ n: v.events.length })}</span>
      </h2>
      <ol className="case-log">
        {v.events.map((e, i) => {
          const first = i === 0 || v.events[i - 1]!.round !== e.round
          return (
            <li key={e.seq} {...(first && e.round > 1 ? { className: 'round', 'data-round': m.cases.roundN({ n: e.round }) } : {})}>
              <StatusMark mark={e.look ? 'open' : (marks[e.op] ?? 'ok')}>
                <span className="unseen">{e.op}</span>
              </StatusMark>
              <div className="grow">
                <p>
                  <b>{e.by || m.cases.system}</b> {words(e)}
                </p>
                {e.party && <p className="muted small">{m.cases.to({ t: e.party })}</p>}
                {e.due && ['issue', 'escalate', 'fail', 'grant', 'refuse', 'dismiss', 'back'].includes(e.op) && <p className="muted small">{m.cases.dueBy({ t: endOf(e.due) })}</p>}
                {e.fixes.length > 0 && <p className="muted small">{e.fixes.map(f => l(v.fixes.find(x => x.key === f)?.title ?? { zh: f, en: f })).join(m.common.sep)}</p>}
                {e.result && <p className="muted">{m.cases.resultSays({ no: e.result.no, d: m.cases.decisions[e.result.decision] ?? '', a: e.result.amount > 0 ? int(e.result.amount, lang) : '', day: e.result.day })}</p>}
                {e.words && <p className="muted">{m.cases.quote({ t: e.words })}</p>}
              </div>
              <time className="faint small nowrap">{tableTime(e.at).slice(5)}</time>
            </li>
          )
        })}
      </ol>
      {v.duties.length > 0 && (
        <>
          <h2>{m.cases.duties}</h2>
          <ul className="case-duties">
            {v.duties.map((d, i) => (
              <li key={i}>
                <span className="grow">
                  {d.unit.name} {m.cases.dutyNames[d.what]}
                </span>
                {d.done ? (
                  <span className="faint small">{m.cases.dutyDone({ t: tableTime(d.done).slice(5) })}</span>
                ) : d.late > 0 ? (
                  <StatusMark mark="late">{m.cases.late({ n: d.late })}</StatusMark>
                ) : (
                  <span className="muted small">{d.due ? m.cases.dutyDue({ t: endOf(d.due).slice(5) }) : m.cases.dutyOpen}</span>
                )}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  )
}
