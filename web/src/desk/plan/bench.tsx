import { Link } from '@tanstack/react-router'
import type { Bench } from '../../api/answers'
import { daysBetween, longDay } from '../../shared/format'
import { StatusMark } from '../ui/StatusMark'
import { Item } from '../ui/bench'
import { useMe } from '../ui/hooks'
import { useI18n } from './texts'

export function Tasks({ bench: b }: { bench: Bench }) {
  const { m, lang } = useI18n()
  const me = useMe()
  return (
    <>
      {b.tasks.map((t, i) => {
        const left = daysBetween(me.today, t.deadline)
        return (
          <Item
            key={t.id}
            {...(i === 0 ? { id: 'tasks' } : {})}
            mark={t.late > 0 ? <StatusMark mark="late">{m.state.late({ n: t.late })}</StatusMark> : <StatusMark mark="open">{left > 0 ? m.state.left({ n: left }) : m.state.dueToday}</StatusMark>}
            title={
              <Link className="title-link" to="/plan" search={{ unit: t.unit.id, period: String(t.year) }}>
                {t.title}
                {m.common.paren({ t: t.unit.name })}
              </Link>
            }
            why={[t.duty, m.bench.taskDue({ day: longDay(t.deadline, lang) })].filter(Boolean).join(m.common.sep)}
            action={
              <Link className="btn slim" to="/plan" search={{ unit: t.unit.id, period: String(t.year), open: t.id }}>
                {m.bench.goTask}
              </Link>
            }
          />
        )
      })}
    </>
  )
}
