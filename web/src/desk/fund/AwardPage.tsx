import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { get, url } from '../../api/client'
import { longTime, shortTime } from '../../shared/format'
import { Icon } from '../ui/Icon'
import { PhoneScope } from '../ui/Scope'
import { Loaded } from '../ui/States'
import { Heads } from '../ui/Table'
import { useMe, useTitle } from '../ui/hooks'
import { Steps } from './Steps'
import { AwardState, ClaimantState, Flow } from './parts'
import type { Award, Claimant } from './types'
import { useI18n } from './texts'
import './fund.css'

/** A run: what each unit is due and where it stands, within its budget, with its batches. */
export default function AwardPage() {
  const { m, l, lang } = useI18n()
  const { id } = useParams({ from: '/awards/$id' })
  const me = useMe()
  const query = useQuery({ queryKey: ['award-run', id], queryFn: ({ signal }) => get('/awards/{id}', { id }, signal) })
  const r = query.data
  useTitle(r ? `${l(r.title)} ${l(r.period.title)}` : m.fund.title)
  return (
    <div className="page fnd-page">
      <PhoneScope />
      {r && <Steps run={r} />}
      <Loaded query={query} rows={8}>
        {run => (
          <>
            <p className="row wrap fnd-marks">
              <AwardState state={run.state} />
              {run.rev > 1 && <span>{m.fund.rev({ n: run.rev })}</span>}
              {!run.latest && run.state !== 'draft' && <span className="dif">{m.fund.replaced}</span>}
              {run.state === 'public' && run.public_until > 0 && <span className="muted">{m.fund.publicUntil({ t: longTime(run.public_until, lang) })}</span>}
            </p>
            <h1>
              {l(run.title)} <span className="nowrap">{l(run.period.title)}</span>
            </h1>
            <Flow state={run.state} />
            {run.reason && <p className="muted">{run.reason}</p>}
            <dl className="fnd-sums">
              <Sum title={m.fund.withinBudget} value={run.budget || m.fund.noBudget} />
              <Sum title={m.fund.claim} value={run.claim} />
              <Sum title={m.fund.amount} value={run.amount} strong />
              <Sum title={m.fund.paid} value={run.paid} />
              <Sum title={m.fund.held} value={run.held} />
              <Sum title={m.fund.due} value={run.due} />
              {run.over !== '0.00' && <Sum title={m.fund.over} value={run.over} />}
            </dl>
            {run.cuts.map((c, i) => (
              <p key={i}>{m.fund.cut({ c: l(c.class), a: c.from, b: c.to })}</p>
            ))}
            {run.faults.map((f, i) => (
              <p key={i} className="hint">
                {l(f)}
              </p>
            ))}
            {run.missing > 0 && <p className="hint">{m.fund.missing({ n: run.missing })}</p>}
            <Claimants run={run} />
            <Batches run={run} />
            <section className="fnd-foot">
              <dl className="fnd-facts">
                {run.acts.map(a => (
                  <div key={a.act}>
                    <dt>{m.fund.acts[a.act]}</dt>
                    <dd>
                      {a.who} <span className="muted nowrap">{shortTime(a.at, me.today)}</span>
                    </dd>
                  </div>
                ))}
                <div>
                  <dt>{m.fund.rule}</dt>
                  <dd>
                    {m.fund.version({ n: run.version })} <span className="muted">{l(run.source)}</span>
                  </dd>
                </div>
                <div>
                  <dt>{m.fund.digest}</dt>
                  <dd>
                    <code>{run.digest.slice(0, 16)}</code>
                  </dd>
                </div>
              </dl>
              {run.entered.length > 0 && (
                <>
                  <h2>{m.fund.entered}</h2>
                  <ul className="fnd-entered">
                    {run.entered.map((e, i) => (
                      <li key={i}>
                        <b>{e.unit.name}</b> {l(e.title)} {e.ref}
                        {m.common.colon}
                        {e.value}
                        <span className="muted">
                          {m.common.sep}
                          {e.reason}
                          {m.common.sep}
                          {e.who} {shortTime(e.at, me.today)}
                        </span>
                      </li>
                    ))}
                  </ul>
                </>
              )}
            </section>
          </>
        )}
      </Loaded>
    </div>
  )
}

function Sum({ title, value, strong }: { title: string; value: string; strong?: boolean }) {
  return (
    <div data-strong={strong || undefined}>
      <dt>{title}</dt>
      <dd>{value}</dd>
    </div>
  )
}

function Claimants({ run }: { run: Award }) {
  const { m, l } = useI18n()
  const line = (x: Claimant) => (
    <tr key={x.unit.id}>
      <td>
        <Link className="title-link" to="/awards/$id/units/$no" params={{ id: run.id, no: String(x.unit.id) }} search={{}}>
          {x.unit.name}
        </Link>{' '}
        {x.unit.path !== x.unit.name && <span className="small muted">{x.unit.path}</span>}
      </td>
      <td className="nowrap">{l(x.grade)}</td>
      <td className="num">{x.claim}</td>
      <td className="num">
        <b>{x.amount}</b>
      </td>
      <td className="num">{x.paid}</td>
      <td className="num">{x.due}</td>
      <td>
        <ClaimantState state={x.state} /> {(x.state === 'waits' || x.state === 'out') && <span className="small muted">{l(x.why)}</span>}
        {x.held !== '0.00' && (
          <span className="small muted nowrap">
            {m.fund.held} {x.held}
          </span>
        )}
      </td>
    </tr>
  )
  return (
    <table className="table fnd-rows">
      <Heads of={[m.fund.unit, m.fund.grade, { num: m.fund.claim }, { num: m.fund.amount }, { num: m.fund.paid }, { num: m.fund.due }, m.fund.state]} />
      <tbody>
        {run.rows.map(line)}
        <tr className="fnd-sum">
          <td>{m.fund.total}</td>
          <td className="small muted nowrap">{m.fund.units({ n: run.units })}</td>
          <td className="num">{run.claim}</td>
          <td className="num">{run.amount}</td>
          <td className="num">{run.paid}</td>
          <td className="num">{run.due}</td>
          <td>{'\u00a0'}</td>
        </tr>
      </tbody>
    </table>
  )
}

function Batches({ run }: { run: Award }) {
  const { m } = useI18n()
  const me = useMe()
  if (run.batches.length === 0) return null
  return (
    <section className="fnd-foot">
      <h2>{m.fund.batches}</h2>
      {run.batches.map(b => (
        <details key={b.no} className="fnd-batch" open={b.state === 'ordered'}>
          <summary>
            <b>{m.fund.batch({ n: b.no })}</b> <span className="muted nowrap">{shortTime(b.at, me.today)}</span> <span className="nowrap">{b.total}</span>{' '}
            <span className="muted">{m.fund.batchStates[b.state]}</span> <span className="small muted">{b.reason}</span>
          </summary>
          <ul className="fnd-lines">
            {b.lines.map(x => (
              <li key={x.unit.id}>
                <span>{x.unit.name}</span>
                <b>{x.amount}</b>
                <span className={x.state === 'refused' ? 'dif' : 'muted'}>
                  {m.fund.lineStates[x.state]} {x.state === 'refused' && x.reason} {x.offset !== '0.00' && m.fund.offset({ t: x.offset })}
                </span>
              </li>
            ))}
          </ul>
          <a className="btn slim" href={url('/awards/{id}/batches/{no}/list', { id: run.id, no: b.no })} download>
            <Icon name="download" />
            {m.fund.list}
          </a>
        </details>
      ))}
    </section>
  )
}
