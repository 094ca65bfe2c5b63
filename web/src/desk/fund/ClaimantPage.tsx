import { useQuery } from '@tanstack/react-query'
import { Link, useParams, useRouter } from '@tanstack/react-router'
import { get } from '../../api/client'
import { shortTime } from '../../shared/format'
import { PhoneScope } from '../ui/Scope'
import { Loaded } from '../ui/States'
import { Where } from '../ui/Verbs'
import { useMe, useTitle } from '../ui/hooks'
import { AwardState, ClaimantState, Receivers } from './parts'
import type { Claim } from './types'
import { useI18n } from './texts'
import './fund.css'

/** What a unit is due and why: every part with its arithmetic, stages, inputs and version, and what was paid. */
export default function ClaimantPage() {
  const { m, l } = useI18n()
  const { id, no } = useParams({ from: '/awards/$id/units/$no' })
  const query = useQuery({ queryKey: ['award-unit', id, no], queryFn: ({ signal }) => get('/awards/{id}/units/{unit}', { id, unit: Number(no) }, signal) })
  const d = query.data
  useTitle(d ? `${d.unit.name} ${l(d.run.title)}` : m.fund.title)
  return (
    <div className="page fnd-page">
      <PhoneScope />
      <Where>
        <Link to="/awards/$id" params={{ id }} search={{}}>
          {m.fund.toRun}
        </Link>
      </Where>
      <Loaded query={query} rows={10}>
        {u => (
          <>
            <p className="muted">
              <Link to="/awards/$id" params={{ id }} search={{}}>
                {l(u.run.title)}
              </Link>{' '}
              <span className="nowrap">{l(u.run.period.title)}</span> {u.run.rev > 1 && m.fund.rev({ n: u.run.rev })} <span className="nowrap">{m.fund.position({ a: u.position, b: u.of })}</span>
            </p>
            <h1>{u.unit.name}</h1>
            <div className="fnd-head">
              <p className="fnd-big">
                {u.amount} <small>{m.fund.yuan}</small> <small className="muted">{m.fund.amount}</small>
              </p>
              <AwardState state={u.run.state} />
              <ClaimantState state={u.state} />
            </div>
            {l(u.out) && <p className="hint">{l(u.out)}</p>}
            {u.lacks.map((x, i) => (
              <p key={i} className="hint">
                {l(x)}
              </p>
            ))}
            {u.owed !== '0.00' && <p className="hint">{m.fund.owed({ t: u.owed })}</p>}
            <Parts of={u} />
            <div className="fnd-two">
              <Used of={u} />
              <div>
                {u.split.length > 0 && (
                  <section>
                    <h2>{m.fund.split}</h2>
                    <Receivers of={u.split} />
                  </section>
                )}
                <Moves of={u} />
              </div>
            </div>
            <p className="small muted fnd-foot">
              {m.fund.version({ n: u.version })} {m.fund.digest} <code>{u.sha.slice(0, 16)}</code>
            </p>
          </>
        )}
      </Loaded>
    </div>
  )
}

function Parts({ of: u }: { of: Claim }) {
  const { m, l } = useI18n()
  return (
    <section className="fnd-parts">
      <h2 className="unseen">{m.fund.parts}</h2>
      {u.parts.map(p => (
        <article key={p.key}>
          <h3>
            <span className="grow">
              {l(p.title)} <span className="small muted">{l(p.class)}</span>
            </span>
            <b>{p.amount}</b>
          </h3>
          <ol>
            {p.why.map((w, i) => (
              <li key={i}>{l(w)}</li>
            ))}
          </ol>
          {p.stages.length > 0 && (
            <dl className="fnd-stages">
              {p.stages.map((s, i) => (
                <div key={i}>
                  <dt>
                    {l(s.title)} <span className="small muted">{l(s.waits) || l(s.when)}</span>
                  </dt>
                  <dd>{s.amount}</dd>
                </div>
              ))}
            </dl>
          )}
        </article>
      ))}
      {u.holds.map((h, i) => (
        <p key={i} className="fnd-hold">
          <span className="grow">{l(h.why)}</span>
          <b>{h.amount}</b>
        </p>
      ))}
    </section>
  )
}

function Used({ of: u }: { of: Claim }) {
  const { m, l } = useI18n()
  const router = useRouter()
  return (
    <section>
      <h2>{m.fund.used}</h2>
      <dl className="fnd-stages">
        {u.used.map((x, i) => (
          <div key={i}>
            <dt>
              {l(x.title)} {x.typed && <span className="small muted">{m.fund.typed}</span>}
              {x.from.map((f, k) => (
                <a
                  key={k}
                  className="fnd-from"
                  href={f.link}
                  onClick={e => {
                    if (e.ctrlKey || e.metaKey || e.shiftKey) return
                    e.preventDefault()
                    router.history.push(f.link)
                  }}
                >
                  {l(f.title)} {f.value}
                </a>
              ))}
            </dt>
            <dd>{l(x.word) || (x.value ? `${x.value} ${l(x.unit)}` : m.fund.noValue)}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

function Moves({ of: u }: { of: Claim }) {
  const { m } = useI18n()
  const me = useMe()
  return (
    <section>
      <h2>{m.fund.moves}</h2>
      {u.moves.length === 0 && <p className="muted">{m.fund.noMoves}</p>}
      <dl className="fnd-stages">
        {u.moves.map((x, i) => (
          <div key={i}>
            <dt>
              {m.fund.moveKinds[x.kind]} {x.batch > 0 && m.fund.batch({ n: x.batch })}{' '}
              <span className="small muted" data-datum>
                {shortTime(x.at, me.today)} {x.reason}
              </span>
            </dt>
            <dd>{x.amount}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
