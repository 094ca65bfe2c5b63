import { Link } from '@tanstack/react-router'
import type { Bench } from '../../api/answers'
import { longTime } from '../../shared/format'
import { Item } from '../ui/bench'
import { StatusMark } from '../ui/StatusMark'
import { ObjectionState } from './Objections'
import { RunState, lastMinute } from './parts'
import { useI18n } from './texts'
import type { Objection } from './types'

/** Objections to be decided, the answers to one's own, and what may be objected to. */
export function ObjectionsBench({ bench: b }: { bench: Bench }) {
  const { m, l, lang } = useI18n()
  return (
    <>
      {b.objections.map((o, i) => {
        const to = o.unit ? { to: '/scores/$id/units/$no', params: { id: o.run, no: String(o.unit.id) } } : { to: '/scores/$id', params: { id: o.run } }
        return (
          <Item
            key={`${o.run} ${o.unit?.id ?? ''} ${o.item.zh}`}
            {...(i === 0 ? { id: 'objections' } : {})}
            mark={o.what === 'decide' ? <StatusMark mark="wait">{m.sco.toDecide}</StatusMark> : o.what === 'may' ? <RunState state="public" /> : <ObjectionState state={o.state as Objection['state']} />}
            title={
              <Link className="title-link" {...to} search={{}}>
                {o.unit ? `${o.unit.name}${m.common.sep}${l(o.item)}` : `${l(o.title)} ${l(o.period.title)}`}
              </Link>
            }
            why={o.what === 'may' ? m.sco.objectUntil({ t: longTime(lastMinute(o.at), lang) }) : `${l(o.title)} ${l(o.period.title)}${m.common.sep}${o.words}`}
            action={
              <Link className="btn slim" {...to} search={{}}>
                {o.what === 'decide' ? m.sco.decide : m.sco.look}
              </Link>
            }
          />
        )
      })}
    </>
  )
}
