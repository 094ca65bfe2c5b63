import { Link } from '@tanstack/react-router'
import type { Bench } from '../../api/answers'
import { longDay } from '../../shared/format'
import { Item } from '../ui/bench'
import { DecisionState } from './parts'
import { useI18n } from './texts'

export function Decisions({ bench: b }: { bench: Bench }) {
  const { m, lang } = useI18n()
  return (
    <>
      {b.decisions.map((d, i) => (
        <Item
          key={d.id}
          {...(i === 0 ? { id: 'decisions' } : {})}
          mark={<DecisionState d={d} />}
          title={
            <Link className="title-link" to="/decisions" search={{ open: d.id }}>
              {d.words}
              {m.common.paren({ t: d.unit.name })}
            </Link>
          }
          why={[d.title, m.dis.due({ d: longDay(d.deadline, lang) }), d.state === 'reported' ? d.outcome : ''].filter(Boolean).join(m.common.sep)}
          action={
            <Link className="btn slim" to="/decisions" search={{ open: d.id }}>
              {d.state === 'reported' ? m.dis.benchLook : m.dis.benchGo}
            </Link>
          }
        />
      ))}
    </>
  )
}
