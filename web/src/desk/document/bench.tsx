import { Link } from '@tanstack/react-router'
import type { Bench } from '../../api/answers'
import { shortTime } from '../../shared/format'
import { StatusMark } from '../ui/StatusMark'
import { Item } from '../ui/bench'
import { useMe } from '../ui/hooks'
import { useI18n } from './texts'

export function Review({ bench: b }: { bench: Bench }) {
  const { m } = useI18n()
  const me = useMe()
  return (
    <>
      {b.review.map((d, i) => (
        <Item
          key={d.id}
          {...(i === 0 ? { id: 'review' } : {})}
          mark={<StatusMark mark="wait">{m.bench.reviewMark}</StatusMark>}
          title={
            <Link className="title-link" to="/documents/$id" params={{ id: d.id }} search={{}}>
              {d.title}
            </Link>
          }
          why={<span className="faint">{shortTime(d.sent_at, me.today)}</span>}
          action={
            <Link className="btn slim" to="/documents/$id" params={{ id: d.id }} search={{}}>
              {m.bench.goReview}
            </Link>
          }
        />
      ))}
    </>
  )
}

export function Sign({ bench: b }: { bench: Bench }) {
  const { m } = useI18n()
  const me = useMe()
  return (
    <>
      {b.sign.map((d, i) => (
        <Item
          key={d.id + d.unit.id}
          {...(i === 0 ? { id: 'sign' } : {})}
          mark={<StatusMark mark="wait">{m.bench.signMark}</StatusMark>}
          title={
            <Link className="title-link" to="/documents/$id" params={{ id: d.id }} search={{}}>
              {d.title}
            </Link>
          }
          why={
            <span className="faint">
              {d.number} {shortTime(d.delivered_at, me.today)}
            </span>
          }
          action={
            <Link className="btn slim" to="/documents/$id" params={{ id: d.id }} search={{}}>
              {m.bench.goSign}
            </Link>
          }
        />
      ))}
    </>
  )
}
