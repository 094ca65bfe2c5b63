import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { get, url } from '../../api/client'
import { int, shortDay, tableTime } from '../../shared/format'
import { Icon } from '../ui/Icon'
import { PhoneScope } from '../ui/Scope'
import { Loaded, State, copyText } from '../ui/States'
import { StatusMark, type Mark } from '../ui/StatusMark'
import { Heads } from '../ui/Table'
import { toast } from '../ui/Toast'
import { useMe, useScope, useTitle, useUrl } from '../ui/hooks'
import { Until, endOf } from './parts'
import type { Looks } from './types'
import { useI18n } from './texts'
import './rectify.css'
import './looks.css'

type Month = Looks['months'][number]
const marks: Record<string, Mark> = { passed: 'ok', failed: 'back', dropped: 'void' }
/** As much of a digest as two people read to each other. */
const brief = (hash: string) => `${hash.slice(0, 4)} ${hash.slice(4, 8)}`.toUpperCase()

/** Look-backs: of what each month closed, how many were drawn, looked at and found again; and how they were drawn. */
export default function LooksPage() {
  const { m } = useI18n()
  useTitle(m.looks.title)
  const { unit } = useScope()
  const [search, set] = useUrl() as [{ month?: string }, (p: { month?: string | undefined }) => void]
  const q = { unit, month: search.month }
  const query = useQuery({ queryKey: ['look-backs', q], queryFn: ({ signal }) => get('/look-backs', q, signal), placeholderData: keepPreviousData })
  return (
    <div className="page case-page looks-page">
      <PhoneScope />
      <h1 className="unseen">{m.looks.title}</h1>
      <Loaded query={query} rows={8}>
        {d =>
          d.months.length === 0 ? (
            <State kind="empty" title={m.looks.none}>
              {m.looks.noneHint}
            </State>
          ) : (
            <div className="looks-two">
              <div>
                <p className="muted looks-lead">{m.looks.lead({ n: d.share, d: d.days })}</p>
                <Months d={d} choose={month => set({ month })} />
                <Rows d={d} />
              </div>
              <How d={d} />
            </div>
          )
        }
      </Loaded>
    </div>
  )
}

function Months({ d, choose }: { d: Looks; choose: (month: string) => void }) {
  const { m, lang } = useI18n()
  const done = (x: Month) => x.passed + x.failed
  const of = (a: number, b: number) => (b > 0 ? m.looks.of({ a, b }) : '')
  return (
    <table className="table looks-months" data-testid="look-months">
      <Heads of={[m.looks.month, { num: m.looks.closed }, { num: m.looks.drawn }, { num: m.looks.done }, { num: m.looks.passed }, { num: m.looks.failed }, { num: m.looks.dropped }, { num: m.looks.owed }, { num: m.looks.again }]} />
      <tbody>
        {d.months.map(x => (
          <tr key={x.month} aria-current={x.month === d.month ? 'true' : undefined}>
            <td className="nowrap">
              {x.opened ? (
                <button type="button" className="link" aria-pressed={x.month === d.month} onClick={() => choose(x.month)}>
                  {x.month}
                </button>
              ) : (
                x.month
              )}
            </td>
            <td className="num">{int(x.closed, lang)}</td>
            {x.opened ? (
              <>
                <td className="num">{int(x.drawn, lang)}</td>
                <td className="num">{int(done(x), lang)}</td>
                <td className="num">{int(x.passed, lang)}</td>
                <td className="num">{int(x.failed, lang)}</td>
                <td className="num">{int(x.dropped, lang)}</td>
                <td className="num">{int(x.drawn - done(x) - x.dropped, lang)}</td>
                <td className="num nowrap muted">{of(x.failed, done(x))}</td>
              </>
            ) : (
              <td colSpan={7} className="muted">
                {m.looks.sealedOnly({ t: tableTime(x.opens) })}
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Rows({ d }: { d: Looks }) {
  const { m, l } = useI18n()
  const me = useMe()
  const month = d.months.find(x => x.month === d.month)
  if (!month) return null
  const hidden = month.drawn - d.rows.length
  return (
    <section className="looks-rows">
      <h2>
        {month.month} <span className="muted small">{`${m.looks.drawn} ${month.drawn}`}</span>
      </h2>
      {d.rows.length === 0 ? (
        <p className="faint">{m.looks.nothing}</p>
      ) : (
        <div className="case-scroll">
          <table className="table case-looks">
            <Heads of={[{ num: m.looks.nth }, m.cases.no, m.cases.problem, m.cases.place, m.cases.party, m.looks.outcome, m.looks.by]} />
            <tbody>
              {d.rows.map(r => (
                <tr key={r.id}>
                  <td className="num" title={r.hash}>
                    {r.nth}
                  </td>
                  <td className="nowrap">
                    <Link to="/cases/$id" params={{ id: r.id }} search={{}}>
                      {r.no}
                    </Link>
                  </td>
                  <td>
                    <Link className="title-link" to="/cases/$id" params={{ id: r.id }} search={{}}>
                      {l(r.title)}
                    </Link>
                  </td>
                  <td>{r.place_name}</td>
                  <td className="muted">{r.party?.name ?? m.cases.noParty}</td>
                  <td className="nowrap">{r.outcome ? <StatusMark mark={marks[r.outcome]!}>{m.looks.outcomes[r.outcome]}</StatusMark> : <Until row={r} />}</td>
                  <td className="nowrap muted">
                    {r.by}
                    {r.done && r.by ? ` ${shortDay(tableTime(r.done).slice(0, 10), me.today)}` : ''}
                    {!r.outcome && (r.may ? '' : r.why && l(r.why))}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {d.rows.length > 0 && hidden > 0 && <p className="faint looks-hidden">{m.looks.hidden({ n: hidden })}</p>}
    </section>
  )
}

function How({ d }: { d: Looks }) {
  const { m } = useI18n()
  const x = d.months.find(y => y.month === d.month) ?? d.months[0]!
  const command = `S=${x.seed}\nC=${x.no}\n${d.shell}`
  return (
    <aside className="looks-how">
      <div className="row wrap">
        <h2>{m.looks.how}</h2>
        {x.seed && <StatusMark mark="ok">{m.looks.canRepeat}</StatusMark>}
      </div>
      <dl className="looks-facts">
        <dt>{m.looks.list}</dt>
        <dd>
          {x.whole > 0 ? m.looks.listOf({ n: x.whole, t: tableTime(x.sealed) }) : tableTime(x.sealed)} <code title={x.digest}>{brief(x.digest)}</code>
        </dd>
        <dt>{m.looks.seed}</dt>
        <dd>{x.seed ? <code className="looks-seed">{x.seed}</code> : <span className="muted">{m.looks.sealedOnly({ t: endOf(x.opens) })}</span>}</dd>
        <dt>{m.looks.secret}</dt>
        <dd>
          {x.secret && (
            <>
              <code title={x.secret}>{brief(x.secret)}</code>{' '}
            </>
          )}
          <span className="muted">{m.looks.secretSeal}</span> <code title={x.seal}>{brief(x.seal)}</code>
        </dd>
        {x.chain && (
          <>
            <dt>{m.looks.chain}</dt>
            <dd>
              <code title={x.chain}>{brief(x.chain)}</code>
            </dd>
          </>
        )}
        <dt>{m.looks.rule}</dt>
        <dd>{m.looks.ruleText({ n: x.quota })}</dd>
      </dl>
      {x.seed && (
        <>
          <p className="muted small looks-hidden">{m.looks.copyHint}</p>
          <pre className="looks-shell">{command}</pre>
          <p className="row wrap looks-links">
            <button type="button" className="link" onClick={() => void copyText(command).then(() => toast(m.common.copied))}>
              <Icon name="copy" />
              {m.looks.copy}
            </button>
            {d.may_list && (
              <a className="row" href={url(`/look-backs/${x.month}/list`)} download={`${x.no}.txt`}>
                <Icon name="download" />
                {m.looks.download}
              </a>
            )}
          </p>
        </>
      )}
    </aside>
  )
}
