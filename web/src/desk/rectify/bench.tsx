import { Link } from '@tanstack/react-router'
import type { Bench } from '../../api/answers'
import { Item } from '../ui/bench'
import { CaseState, Deadline, Until } from './parts'
import { useI18n } from './texts'

export function Cases({ bench: b }: { bench: Bench }) {
  const { m, l } = useI18n()
  return (
    <>
      {b.cases.map((c, i) => (
        <Item
          key={c.id}
          {...(i === 0 ? { id: 'cases' } : {})}
          mark={c.late > 0 ? <Deadline row={c} /> : <CaseState row={c} />}
          title={
            <Link className="title-link" to="/cases/$id" params={{ id: c.id }} search={{}}>
              {l(c.title)}
              {m.common.paren({ t: c.place_name })}
            </Link>
          }
          why={[c.no, m.cases.states[c.state], c.late > 0 || !c.due ? '' : m.cases.left({ n: c.left })].filter(Boolean).join(m.common.sep)}
          action={
            <Link className="btn slim" to="/cases/$id" params={{ id: c.id }} search={{}}>
              {m.cases.benchGo}
            </Link>
          }
        />
      ))}
    </>
  )
}

export function LookBacks({ bench: b }: { bench: Bench }) {
  const { m, l } = useI18n()
  return (
    <>
      {b.look_backs.map((c, i) => (
        <Item
          key={c.id}
          {...(i === 0 ? { id: 'look-backs' } : {})}
          mark={<Until row={c} />}
          title={
            <Link className="title-link" to="/cases/$id" params={{ id: c.id }} search={{}}>
              {l(c.title)}
              {m.common.paren({ t: c.place_name })}
            </Link>
          }
          why={[c.no, m.looks.title].join(m.common.sep)}
          action={
            <Link className="btn slim" to="/cases/$id" params={{ id: c.id }} search={{}}>
              {m.cases.looksGo}
            </Link>
          }
        />
      ))}
    </>
  )
}
