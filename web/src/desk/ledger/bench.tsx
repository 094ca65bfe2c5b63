import { Link } from '@tanstack/react-router'
import type { Bench, EntryRow } from '../../api/answers'
import { shortDay, shortTime } from '../../shared/format'
import { Icon } from '../ui/Icon'
import { EntryStatus, WaitMark } from '../ui/StatusMark'
import { Item } from '../ui/bench'
import { useKinds, useMe } from '../ui/hooks'
import { useI18n } from './texts'

export function Returned({ bench: b }: { bench: Bench }) {
  const { m } = useI18n()
  const me = useMe()
  return (
    <>
      {b.returned.map((r, i) => (
        <Item
          key={r.id}
          {...(i === 0 ? { id: 'returned' } : {})}
          mark={<EntryStatus state="returned" />}
          title={<EntryLink r={r} />}
          why={
            <>
              {r.reason && m.common.quote({ t: r.reason })}
              <span className="faint nowrap">
                　{r.number} {shortDay(r.from, me.today)}
              </span>
            </>
          }
          action={
            <Link className="btn slim" to="/entry/$id/edit" params={{ id: r.id }} search={{}}>
              {m.bench.goEdit}
            </Link>
          }
        />
      ))}
    </>
  )
}

export function Queue({ bench: b }: { bench: Bench }) {
  const { m, l } = useI18n()
  const me = useMe()
  return (
    <>
      {b.queue.map((r, i) => (
        <Item
          key={r.id}
          {...(i === 0 ? { id: 'queue' } : {})}
          mark={<WaitMark late={r.late_days} waiting={r.waiting_days} />}
          title={<EntryLink r={r} />}
          why={
            <>
              {r.hints[0] ? l(r.hints[0]) : ''}
              <span className="faint nowrap">
                {r.hints[0] ? '　' : ''}
                {m.bench.by({ name: r.by.name })} {shortDay(r.from, me.today)}
              </span>
            </>
          }
          action={
            <Link className="btn slim" to="/verify" search={{ id: r.id }}>
              {m.bench.goVerify}
            </Link>
          }
        />
      ))}
      {b.queue_total > b.queue.length && (
        <li className="all">
          <Link to="/verify" search={{}}>
            {m.bench.allQueue({ n: b.queue_total })}
          </Link>
        </li>
      )}
    </>
  )
}

export function Drafts({ bench: b }: { bench: Bench }) {
  const { m } = useI18n()
  const me = useMe()
  return (
    <>
      {b.drafts.map((r, i) => (
        <Item
          key={r.id}
          {...(i === 0 ? { id: 'drafts' } : {})}
          mark={<EntryStatus state="draft" />}
          title={<EntryLink r={r} />}
          why={<span className="faint">{shortTime(r.at, me.today)}</span>}
          action={
            <Link className="btn slim" to="/entry/$id/edit" params={{ id: r.id }} search={{}}>
              {m.bench.goOn}
            </Link>
          }
        />
      ))}
    </>
  )
}

export function Waiting({ bench: b }: { bench: Bench }) {
  const { m } = useI18n()
  if (!b.waiting.length) return null
  return (
    <>
    <section>
      <header>
        <h2>
          {m.bench.waiting} <b className="amount">{b.waiting.length}</b>
        </h2>
        <span className="faint">{m.bench.waitingHint}</span>
      </header>
      <ul className="items wait">
        {b.waiting.map(r => (
          <li key={r.id}>
            <span className="mark-cell">
              <EntryStatus state="submitted" />
            </span>
            <EntryLink r={r} />
            <span className="why">{r.level ? m.entry.waitsAt({ level: m.units.types[r.level] ?? r.level }) : ''}</span>
            <span className="since">{r.waiting_days > 0 ? m.state.waiting({ n: r.waiting_days }) : m.state.submittedToday}</span>
          </li>
        ))}
      </ul>
    </section>

    </>
  )
}

function EntryLink({ r }: { r: EntryRow }) {
  const { m } = useI18n()
  return (
    <Link className="title-link" to="/entry/$id" params={{ id: r.id }} search={{}}>
      {r.title || r.number || m.state.draft}
      {m.common.paren({ t: r.unit.name })}
    </Link>
  )
}

/** The ledgers this person's own unit keeps. */
export function Quick() {
  const { m, l } = useI18n()
  const { data } = useKinds()
  const all = (data ?? []).filter(k => k.may.enter)
  const mine = all.some(k => k.mine) ? all.filter(k => k.mine) : all
  if (!mine.length) return null
  return (
    <section className="quick">
      <h2>{m.bench.quick}</h2>
      <p className="row wrap gap-2">
        {mine.slice(0, 10).map(k => (
          <Link key={k.key} className="btn slim" to="/new/$kind" params={{ kind: k.key }} search={{}}>
            <Icon name="plus" />
            {l(k.title)}
          </Link>
        ))}
        {mine.length > 10 && (
          <Link to="/new" search={{}}>
            {m.common.more}
          </Link>
        )}
      </p>
    </section>
  )
}
