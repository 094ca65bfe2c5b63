import { Link } from '@tanstack/react-router'
import type { Bench } from '../../api/answers'
import { shortTime } from '../../shared/format'
import { StatusMark } from '../ui/StatusMark'
import { Item } from '../ui/bench'
import { useMe } from '../ui/hooks'
import { useI18n } from './texts'

type Row = { id: string; title: string }

/** A document that waits for this person. */
function Waiting({ first, d, mark, why, go }: { first: string | undefined; d: Row; mark: string; why: string; go: string }) {
  const link = (className: string, text: string) => (
    <Link className={className} to="/documents/$id" params={{ id: d.id }} search={{}}>
      {text}
    </Link>
  )
  return (
    <Item
      {...(first ? { id: first } : {})}
      mark={<StatusMark mark="wait">{mark}</StatusMark>}
      title={link('title-link', d.title)}
      why={<span className="faint">{why}</span>}
      action={link('btn slim', go)}
    />
  )
}

export function Review({ bench: b }: { bench: Bench }) {
  const { m } = useI18n()
  const me = useMe()
  return b.review.map((d, i) => (
    <Waiting key={d.id} first={i === 0 ? 'review' : undefined} d={d} mark={m.bench.reviewMark} why={shortTime(d.sent_at, me.today)} go={m.bench.goReview} />
  ))
}

export function Sign({ bench: b }: { bench: Bench }) {
  const { m } = useI18n()
  const me = useMe()
  return b.sign.map((d, i) => (
    <Waiting
      key={d.id + d.unit.id}
      first={i === 0 ? 'sign' : undefined}
      d={d}
      mark={m.bench.signMark}
      why={`${d.number} ${shortTime(d.delivered_at, me.today)}`}
      go={m.bench.goSign}
    />
  ))
}
