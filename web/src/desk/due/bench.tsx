import { Link } from '@tanstack/react-router'
import type { Bench } from '../../api/answers'
import { daysBetween, longDay, periodName } from '../../shared/format'
import { StatusMark } from '../ui/StatusMark'
import { Item } from '../ui/bench'
import { useMe } from '../ui/hooks'
import { useI18n } from './texts'

export function Owed({ bench: b }: { bench: Bench }) {
  const { m, l, lang } = useI18n()
  const me = useMe()
  return (
    <>
      {b.owed.map((o, i) => {
        const left = daysBetween(me.today, o.due)
        return (
          <Item
            key={o.kind + o.unit.id + o.period}
            {...(i === 0 ? { id: 'owed' } : {})}
            mark={
              o.late_days > 0 ? (
                <StatusMark mark="late">{m.state.late({ n: o.late_days })}</StatusMark>
              ) : (
                <StatusMark mark="draft">{left > 0 ? m.state.left({ n: left }) : m.state.dueToday}</StatusMark>
              )
            }
            title={
              <Link className="title-link" to="/new/$kind" params={{ kind: o.kind }} search={{ unit: o.unit.id, due: o.period }}>
                {l(o.title)}
                {m.common.paren({ t: o.unit.name })}
              </Link>
            }
            why={
              <>
                {periodName(o.period, lang)}
                {m.common.sep}
                {m.bench.due({ day: longDay(o.due, lang) })}
              </>
            }
            action={
              <Link className="btn slim" to="/new/$kind" params={{ kind: o.kind }} search={{ unit: o.unit.id, due: o.period }}>
                {m.bench.goEnter}
              </Link>
            }
          />
        )
      })}
    </>
  )
}

export function Absent({ bench: b }: { bench: Bench }) {
  const { m, l, lang } = useI18n()
  if (!b.absent.length) return null
  return (
    <>
    <section>
      <header>
        <h2>{m.due.absent}</h2>
        <Link className="small" to="/due" search={{}}>
          {m.due.all}
        </Link>
      </header>
      <ul className="absent">
        {b.absent.map(a => (
          <li key={a.kind + a.period}>
            <Link className="title-link" to="/due" search={{ kind: a.kind, period: a.period, state: 'missing' }}>
              {l(a.title)}
              {m.common.paren({ t: periodName(a.period, lang) })}
            </Link>
            <span className="why">{m.due.absentOf({ n: a.missing, of: a.of })}</span>
            <Link className="btn slim" to="/due" search={{ kind: a.kind, period: a.period, state: 'missing' }}>
              {m.due.goRemind}
            </Link>
          </li>
        ))}
      </ul>
    </section>

    </>
  )
}
