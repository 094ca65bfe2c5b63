import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useRouter } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { get, send } from '../../api/client'
import type { Bench, EntryRow, Target } from '../../api/answers'
import { addDays, periodSpan, unitWord, daysBetween, fixed, longDay, periodName, shortDay, shortTime } from '../../shared/format'
import { useI18n } from '../../shared/i18n'
import { Figure, Spark, useChange } from '../ui/Figure'
import { Icon } from '../ui/Icon'
import { PeriodPicker, UnitPicker } from '../ui/Scope'
import { Loaded, State } from '../ui/States'
import { EntryStatus, StatusMark, WaitMark } from '../ui/StatusMark'
import { TargetBar, TargetState } from '../ui/Target'
import { useIsPhone, useKinds, useMe, useScope, useTitle } from '../ui/hooks'
import './bench.css'

export default function BenchPage() {
  const { m } = useI18n()
  const { unit, period } = useScope()
  useTitle(m.bench.title)
  const query = useQuery({
    queryKey: ['bench', unit, period],
    queryFn: ({ signal }) => get('/bench', { unit, period }, signal),
    placeholderData: keepPreviousData,
  })
  return (
    <Loaded query={query} rows={8}>
      {b => <Workbench b={b} />}
    </Loaded>
  )
}

function Workbench({ b }: { b: Bench }) {
  const { m, l, lang } = useI18n()
  const me = useMe()
  const phone = useIsPhone()
  const { unitName, period } = useScope()
  const todo = b.owed.length + b.returned.length + b.queue_total + b.drafts.length + b.sign.length + b.review.length + b.tasks.length
  const verbs: [string, string, number][] = [
    ['returned', m.bench.returned, b.returned.length],
    ['review', m.bench.review, b.review.length],
    ['sign', m.bench.sign, b.sign.length],
    ['tasks', m.bench.mine, b.tasks.length],
    ['owed', m.bench.owed, b.owed.length],
    ['queue', m.bench.queue, b.queue_total],
    ['drafts', m.bench.drafts, b.drafts.length],
  ]
  return (
    <div className="wb">
      <h1 className="vh">{m.bench.title}</h1>
      {phone && (
        <div className="phone-scope">
          <div className="scope" style={{ display: 'flex' }}>
            <UnitPicker />
            <PeriodPicker />
          </div>
        </div>
      )}
      <div className="main">
        <section>
          <header>
            <h2>
              {m.bench.todo} <b className="n">{todo}</b>
            </h2>
            <nav className="verbs" aria-label={m.bench.filter}>
              {verbs
                .filter(v => v[2] > 0)
                .map(([id, t, n]) => (
                  <a
                    key={id}
                    href={`#${id}`}
                    onClick={e => {
                      e.preventDefault()
                      document.getElementById(id)?.scrollIntoView({ block: 'nearest', behavior: 'smooth' })
                      document.getElementById(id)?.querySelector<HTMLElement>('a')?.focus({ preventScroll: true })
                    }}
                  >
                    {t} <b>{n}</b>
                  </a>
                ))}
            </nav>
          </header>
          {todo === 0 && (
            <State kind="done" title={m.bench.nothing}>
              {m.bench.nothingHint}
            </State>
          )}
          <ul className="items">
            {b.returned.map((r, i) => (
              <Item
                key={r.id}
                {...(i === 0 ? { id: 'returned' } : {})}
                mark={<EntryStatus state="returned" />}
                title={<EntryLink r={r} />}
                why={
                  <>
                    {r.reason && m.common.quote({ t: r.reason })}
                    <span className="t3 nw">
                      　{r.number} {shortDay(r.from, me.today)}
                    </span>
                  </>
                }
                action={
                  <Link className="btn s" to="/entry/$id/edit" params={{ id: r.id }} search={{}}>
                    {m.bench.goEdit}
                  </Link>
                }
              />
            ))}
            {b.review.map((d, i) => (
              <Item
                key={d.id}
                {...(i === 0 ? { id: 'review' } : {})}
                mark={<StatusMark mark="wait">{m.bench.reviewMark}</StatusMark>}
                title={
                  <Link className="t" to="/documents/$id" params={{ id: d.id }} search={{}}>
                    {d.title}
                  </Link>
                }
                why={<span className="t3">{shortTime(d.sent_at, me.today)}</span>}
                action={
                  <Link className="btn s" to="/documents/$id" params={{ id: d.id }} search={{}}>
                    {m.bench.goReview}
                  </Link>
                }
              />
            ))}
            {b.sign.map((d, i) => (
              <Item
                key={d.id + d.unit.id}
                {...(i === 0 ? { id: 'sign' } : {})}
                mark={<StatusMark mark="wait">{m.bench.signMark}</StatusMark>}
                title={
                  <Link className="t" to="/documents/$id" params={{ id: d.id }} search={{}}>
                    {d.title}
                  </Link>
                }
                why={
                  <span className="t3">
                    {d.number} {shortTime(d.delivered_at, me.today)}
                  </span>
                }
                action={
                  <Link className="btn s" to="/documents/$id" params={{ id: d.id }} search={{}}>
                    {m.bench.goSign}
                  </Link>
                }
              />
            ))}
            {b.tasks.map((t, i) => {
              const left = daysBetween(me.today, t.deadline)
              return (
                <Item
                  key={t.id}
                  {...(i === 0 ? { id: 'tasks' } : {})}
                  mark={t.late > 0 ? <StatusMark mark="late">{m.state.late({ n: t.late })}</StatusMark> : <StatusMark mark="open">{left > 0 ? m.state.left({ n: left }) : m.state.dueToday}</StatusMark>}
                  title={
                    <Link className="t" to="/plan" search={{ unit: t.unit.id, period: String(t.year) }}>
                      {t.title}
                      {m.common.paren({ t: t.unit.name })}
                    </Link>
                  }
                  why={[t.duty, m.bench.taskDue({ day: longDay(t.deadline, lang) })].filter(Boolean).join(m.common.sep)}
                  action={
                    <Link className="btn s" to="/plan" search={{ unit: t.unit.id, period: String(t.year), open: t.id }}>
                      {m.bench.goTask}
                    </Link>
                  }
                />
              )
            })}
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
                    <Link className="t" to="/new/$kind" params={{ kind: o.kind }} search={{ unit: o.unit.id, due: o.period }}>
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
                    <Link className="btn s" to="/new/$kind" params={{ kind: o.kind }} search={{ unit: o.unit.id, due: o.period }}>
                      {m.bench.goEnter}
                    </Link>
                  }
                />
              )
            })}
            {b.queue.map((r, i) => (
              <Item
                key={r.id}
                {...(i === 0 ? { id: 'queue' } : {})}
                mark={<WaitMark late={r.late_days} waiting={r.waiting_days} />}
                title={<EntryLink r={r} />}
                why={
                  <>
                    {r.hints[0] ? l(r.hints[0]) : ''}
                    <span className="t3 nw">
                      {r.hints[0] ? '　' : ''}
                      {m.bench.by({ name: r.by.name })} {shortDay(r.from, me.today)}
                    </span>
                  </>
                }
                action={
                  <Link className="btn s" to="/verify" search={{ id: r.id }}>
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
            {b.drafts.map((r, i) => (
              <Item
                key={r.id}
                {...(i === 0 ? { id: 'drafts' } : {})}
                mark={<EntryStatus state="draft" />}
                title={<EntryLink r={r} />}
                why={<span className="t3">{shortTime(r.at, me.today)}</span>}
                action={
                  <Link className="btn s" to="/entry/$id/edit" params={{ id: r.id }} search={{}}>
                    {m.bench.goOn}
                  </Link>
                }
              />
            ))}
          </ul>
        </section>
        {b.absent.length > 0 && (
          <section>
            <header>
              <h2>{m.due.absent}</h2>
              <Link className="sm" to="/due" search={{}}>
                {m.due.all}
              </Link>
            </header>
            <ul className="absent">
              {b.absent.map(a => (
                <li key={a.kind + a.period}>
                  <Link className="t" to="/due" search={{ kind: a.kind, period: a.period, state: 'missing' }}>
                    {l(a.title)}
                    {m.common.paren({ t: periodName(a.period, lang) })}
                  </Link>
                  <span className="why">{m.due.absentOf({ n: a.missing, of: a.of })}</span>
                  <Link className="btn s" to="/due" search={{ kind: a.kind, period: a.period, state: 'missing' }}>
                    {m.due.goRemind}
                  </Link>
                </li>
              ))}
            </ul>
          </section>
        )}
        {b.waiting.length > 0 && (
          <section>
            <header>
              <h2>
                {m.bench.waiting} <b className="n">{b.waiting.length}</b>
              </h2>
              <span className="t3">{m.bench.waitingHint}</span>
            </header>
            <ul className="items wait">
              {b.waiting.map(r => (
                <li key={r.id}>
                  <span className="c1">
                    <EntryStatus state="submitted" />
                  </span>
                  <EntryLink r={r} />
                  <span className="why">{r.level ? m.entry.waitsAt({ level: m.units.types[r.level] ?? r.level }) : ''}</span>
                  <span className="d">{r.waiting_days > 0 ? m.state.waiting({ n: r.waiting_days }) : m.state.submittedToday}</span>
                </li>
              ))}
            </ul>
          </section>
        )}
        <section className="mets">
          <header>
            <h2>{m.bench.figures({ unit: unitName, period: periodName(period, lang) })}</h2>
            {b.may_plan && (
              <Link className="sm" to="/plan" search={{}}>
                {m.figures.planOpen}
              </Link>
            )}
          </header>
          {b.figures.length === 0 ? <p className="t3 mt2">{m.bench.noFigures}</p> : <Figures b={b} />}
        </section>
      </div>
      <aside className="side">
        <Quick />
        <h2>{m.bench.notices}</h2>
        <Notices items={b.notices} />
      </aside>
    </div>
  )
}

function Figures({ b }: { b: Bench }) {
  const { m, l, lang } = useI18n()
  const me = useMe()
  const change = useChange()
  const { period } = useScope()
  const planned = b.may_plan || b.figures.some(f => f.target)
  // The last month is marked while it runs; on its last day it is as whole as the panel shows it.
  const [from, end] = periodSpan(period)
  const running = from <= me.today && me.today < end && addDays(me.today, 1).slice(0, 7) === me.today.slice(0, 7)
  return (
    <table>
      <thead>
        <tr>
          <th>{m.bench.indicator}</th>
          <th className="num">{m.bench.value}</th>
          {planned && <th className="tg">{m.bench.plan}</th>}
          <th className="num dl">{m.bench.before}</th>
          <th className="sp">{m.bench.byMonth}</th>
        </tr>
      </thead>
      <tbody>
        {b.figures.map(f => {
          const ratio = f.part !== null && f.of !== null && (f.measure === 'ratio' || f.measure === 'coverage')
          return (
            <tr key={f.key}>
              <td>
                <Figure figure={f}>{l(f.title)}</Figure>
                <Link className="go" to="/figures/$key" params={{ key: f.key }} search={{ unit: f.unit.id, period: f.period }} aria-label={`${m.figures.title} ${l(f.title)}`}>
                  <Icon name="right" />
                </Link>
              </td>
              <td className="num">
                <b>{f.undefined ? m.figure.undefined : f.display}</b> <span className="t3">{unitWord(l(f.unit_of), f.display, lang)}</span>
                {ratio && (
                  <>
                    <br />
                    <span className="t3 sm">
                      {fixed(f.part!, 0, lang)} / {fixed(f.of!, 0, lang)}
                    </span>
                  </>
                )}
              </td>
              {planned && (
                <td className="tg">
                  {f.target ? (
                    <BenchTarget f={f} t={f.target} />
                  ) : (
                    b.may_plan &&
                    hasTarget(f.measure) && (
                      <Link className="sm" to="/plan" search={{ unit: f.unit.id, period: period.slice(0, 4), target: f.key }}>
                        {m.bench.noTarget}
                        <span className="vh"> {l(f.title)}</span>
                      </Link>
                    )
                  )}
                </td>
              )}
              <td className="num dl">
                {f.before ? (
                  <>
                    <span className="only-phone t3">{m.bench.before} </span>
                    {f.before.display} <span className="t3">{unitWord(l(f.unit_of), f.before.display, lang)}</span>
                    <br />
                    <span className="t3 sm ch">{change(f.before, f)}</span>
                  </>
                ) : (
                  <span className="t3">{m.figure.noneBefore}</span>
                )}
              </td>
              <td className="sp">
                {f.months.length > 1 && <Spark values={f.months.map(x => x.value ?? 0)} partialLast={running} label={m.figure.monthLabel({ title: l(f.title) })} />}
              </td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

/** Ratios, means and formulas have no target. */
const hasTarget = (measure: string) => !['ratio', 'mean', 'formula'].includes(measure)

/** What the plan wants of a figure, how much of it is there, and the bar of it. */
function BenchTarget({ f, t }: { f: Bench['figures'][number]; t: Target }) {
  const { m, l, lang } = useI18n()
  const goal = (t.at_most ? m.plan.most : m.plan.goal)({ v: t.display })
  return (
    <div className="wb-tg" data-testid="bench-target">
      <p>
        {goal} <span className="t3">{unitWord(l(f.unit_of), t.display, lang)}</span>
        <b>{t.value > 0 ? `${fixed(t.permille, 1, lang)}%` : t.now_display}</b>
      </p>
      <TargetBar t={t} />
      <TargetState state={t.state} />
    </div>
  )
}

function EntryLink({ r }: { r: EntryRow }) {
  const { m } = useI18n()
  return (
    <Link className="t" to="/entry/$id" params={{ id: r.id }} search={{}}>
      {r.title || r.number || m.state.draft}
      {m.common.paren({ t: r.unit.name })}
    </Link>
  )
}

function Item({ id, mark, title, why, action }: { id?: string; mark: ReactNode; title: ReactNode; why: ReactNode; action: ReactNode }) {
  return (
    <li id={id}>
      <span className="c1">{mark}</span>
      {title}
      <span className="why">{why}</span>
      {action}
    </li>
  )
}

/** The ledgers this person's own unit keeps. */
function Quick() {
  const { m, l } = useI18n()
  const { data } = useKinds()
  const all = (data ?? []).filter(k => k.may.enter)
  const mine = all.some(k => k.mine) ? all.filter(k => k.mine) : all
  if (!mine.length) return null
  return (
    <section className="quick">
      <h2>{m.bench.quick}</h2>
      <p className="row wrap mt2">
        {mine.slice(0, 10).map(k => (
          <Link key={k.key} className="btn s" to="/new/$kind" params={{ kind: k.key }} search={{}}>
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

function Notices({ items }: { items: Bench['notices'] }) {
  const { m, l } = useI18n()
  const me = useMe()
  const router = useRouter()
  const client = useQueryClient()
  const read = (id: string) => send('post', '/notices/read', {}, id ? { id } : {}).then(() => client.invalidateQueries({ queryKey: ['bench'] }))
  if (!items.length) return <p className="t3 mt2">{m.bench.noNotices}</p>
  return (
    <>
      <ul className="note">
        {items.map(n => (
          <li key={n.id} className={n.read ? '' : 'new'}>
            {n.link ? (
              <a
                href={n.link}
                onClick={e => {
                  if (!n.read) void read(n.id)
                  if (n.link.startsWith('/') && !e.ctrlKey && !e.metaKey) {
                    e.preventDefault()
                    router.history.push(n.link)
                  }
                }}
              >
                {!n.read && <span className="vh">{m.news.unread} </span>}
                {l(n.title)}
              </a>
            ) : (
              <span>{l(n.title)}</span>
            )}
            <span className="t3 sm">{shortTime(n.at, me.today)}</span>
          </li>
        ))}
      </ul>
      {items.some(n => !n.read) && (
        <p className="mt2">
          <button type="button" className="link" onClick={() => void read('')}>
            {m.news.readAll}
          </button>
        </p>
      )}
    </>
  )
}
