import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { get, send } from '../../api/client'
import { longTime, shortTime } from '../../shared/format'
import { FormDialog } from '../ui/Dialog'
import { TextArea } from '../ui/Field'
import { PhoneScope } from '../ui/Scope'
import { Loaded } from '../ui/States'
import { Heads } from '../ui/Table'
import { toast } from '../ui/Toast'
import { Verbs, Where } from '../ui/Verbs'
import { useMe, useTitle } from '../ui/hooks'
import { useAct } from '../ui/useAct'
import { useReason } from '../ui/useReason'
import { ObjectionCard } from './Objections'
import { RunState, lastMinute } from './parts'
import type { Row, Run } from './types'
import { useI18n } from './texts'
import './assess.css'

/** A run: who stands where, group by group, and what may be done with it. */
export default function RunPage() {
  const { m, l, lang } = useI18n()
  const { id } = useParams({ from: '/scores/$id' })
  const me = useMe()
  const query = useQuery({ queryKey: ['score-run', id], queryFn: ({ signal }) => get('/scores/{id}', { id }, signal) })
  const r = query.data
  useTitle(r ? `${l(r.title)} ${l(r.period.title)}` : m.sco.title)
  return (
    <div className="page sco-page">
      <PhoneScope />
      <Where>
        <Link to="/scores" search={{}}>
          {m.sco.toAll}
        </Link>
      </Where>
      {r && <Steps run={r} />}
      <Loaded query={query} rows={8}>
        {run => (
          <>
            <p className="row wrap sco-marks">
              <RunState state={run.state} />
              {run.rev > 1 && <span>{m.sco.rev({ n: run.rev })}</span>}
              {!run.latest && run.state !== 'draft' && <span className="dif">{m.sco.replaced}</span>}
              {run.state === 'public' && run.object_until > 0 && <span className="muted">{m.sco.objectUntil({ t: longTime(lastMinute(run.object_until), lang) })}</span>}
              {run.objections.length > 0 && <a href="#objections">{m.sco.objectionsOf({ n: run.objections.length, w: run.objections.filter(o => o.state === 'open').length })}</a>}
            </p>
            <h1>
              {l(run.title)} <span className="nowrap">{l(run.period.title)}</span>
            </h1>
            {run.reason && (
              <p className="muted">
                {m.sco.revise}
                {m.common.colon}
                {run.reason}
              </p>
            )}
            {run.waiting > 0 && <p className="hint">{m.sco.waiting({ n: run.waiting })}</p>}
            {run.groups.map(g => {
              const compared = g.rows.some(x => x.before !== '')
              return (
              <section key={g.key} className="sco-group">
                <h2>
                  {l(g.title)} <span className="small muted">{m.sco.ofGroup({ n: g.of })}</span>
                </h2>
                <table className="table sco-rank">
                  <Heads of={[m.sco.place, m.sco.unit, { num: m.sco.points }, m.sco.grade, compared && { num: m.sco.before }, compared && m.sco.change]} />
                  <tbody>
                    {g.rows
                      .filter(x => x.scored)
                      .map(x => (
                        <Place key={x.unit.id} run={run} row={x} compared={compared} />
                      ))}
                  </tbody>
                </table>
                {g.rows.some(x => !x.scored) && (
                  <div className="sco-unscored">
                    <h3>{m.sco.unscored}</h3>
                    <ul>
                      {g.rows
                        .filter(x => !x.scored)
                        .map(x => (
                          <li key={x.unit.id}>
                            <UnitName run={run} row={x} />{' '}
                            <span className="muted">{l(x.why)}</span>
                          </li>
                        ))}
                    </ul>
                  </div>
                )}
              </section>
              )
            })}
            {run.same.length > 0 && <p className="muted sco-lead">{m.sco.same({ t: run.same.map(l).join(m.common.sep) })}</p>}
            {(run.objections.length > 0 || run.state === 'public') && (
              <section className="sco-foot" id="objections">
                <h2>
                  {m.sco.objections} <span className="small muted">{run.objections.length > 0 && run.objections.length}</span>
                </h2>
                {run.objections.length === 0 && <p className="muted">{m.sco.objectionsNone}</p>}
                <div className="sco-objections">
                  {run.objections.map(o => (
                    <ObjectionCard
                      key={o.id}
                      o={o}
                      head={
                        <Link className="title-link" to="/scores/$id/units/$no" params={{ id: o.run, no: String(o.unit.id) }} search={{}}>
                          {o.unit.name}
                          {m.common.sep}
                          {l(o.title)}
                        </Link>
                      }
                    />
                  ))}
                </div>
              </section>
            )}
            <section className="sco-foot">
              <dl className="sco-facts">
                {run.acts.map(a => (
                  <div key={a.act}>
                    <dt>{m.sco.acts[a.act]}</dt>
                    <dd>
                      {a.who || (a.act === 'computed' && m.sco.itself)} <span className="muted nowrap">{shortTime(a.at, me.today)}</span>
                    </dd>
                  </div>
                ))}
                <div>
                  <dt>{m.sco.sheet}</dt>
                  <dd>{m.sco.version({ n: run.version })}</dd>
                </div>
                <div>
                  <dt>{m.sco.digest}</dt>
                  <dd>
                    <code>{run.digest.slice(0, 16)}</code>
                  </dd>
                </div>
              </dl>
              {run.entered.length > 0 && (
                <>
                  <h2>{m.sco.entered}</h2>
                  <ul className="sco-entered">
                    {run.entered.map((e, i) => (
                      <li key={i}>
                        <b>{e.unit.name}</b> {l(e.title)}
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
              {run.revisions.length > 1 && (
                <>
                  <h2>{m.sco.revisions}</h2>
                  <ul className="sco-entered">
                    {run.revisions.map(x => (
                      <li key={x.id}>
                        <Link to="/scores/$id" params={{ id: x.id }} search={{}} aria-current={x.id === run.id ? 'page' : undefined}>
                          {m.sco.rev({ n: x.rev })}
                        </Link>{' '}
                        <RunState state={x.state} />
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

/** A unit by name; one outside one's reach is named in a public ranking, and not opened. */
function UnitName({ run, row, title }: { run: Run; row: Row; title?: boolean }) {
  if (!row.open) return <>{row.unit.name}</>
  return (
    <Link className={title ? 'title-link' : ''} to="/scores/$id/units/$no" params={{ id: run.id, no: String(row.unit.id) }} search={{}}>
      {row.unit.name}
    </Link>
  )
}

function Place({ run, row, compared }: { run: Run; row: Row; compared: boolean }) {
  const { m, l } = useI18n()
  const diff = row.before ? Number(row.points) - Number(row.before) : 0
  return (
    <tr>
      <td className="nowrap">
        {row.place > 0 && <b>{row.place}</b>} {row.tied && <span className="small muted">{m.sco.tied}</span>}
        {row.waiting > 0 && <span className="small dif">{m.sco.waiting({ n: row.waiting })}</span>}
      </td>
      <td>
        <UnitName run={run} row={row} title />{' '}
        {row.lists.map(x => (
          <span key={x.key} className="sco-list" data-tone={x.tone}>
            {l(x.title)}
          </span>
        ))}
      </td>
      <td className="num">
        <b>{row.points}</b> <span className="faint">/ {row.max}</span>
      </td>
      <td className="nowrap">{l(row.grade?.title)}</td>
      {compared && <td className="num muted">{row.before}</td>}
      {compared && <td className="nowrap muted">{row.before && (diff === 0 ? m.sco.level : diff > 0 ? m.sco.up({ n: diff.toFixed(2) }) : m.sco.down({ n: (-diff).toFixed(2) }))}</td>}
    </tr>
  )
}

/** What may be done with a run: at most three, the next step last. */
function Steps({ run }: { run: Run }) {
  const { m } = useI18n()
  const client = useQueryClient()
  const { busy, act } = useAct()
  const [ask, setAsk] = useState<'return' | 'revise' | null>(null)
  const may = (x: string) => run.may.includes(x)
  const keep = async (v: Run) => {
    client.setQueryData(['score-run', v.id], v)
    toast(m.common.saved)
    await client.invalidateQueries({ predicate: q => ['scores', 'score-unit', 'score-run', 'me'].includes(String(q.queryKey[0])) })
  }
  const step = (path: '/scores/{id}/check' | '/scores/{id}/publish' | '/scores/{id}/settle', title: string) => (
    <button type="button" className="btn primary" disabled={busy} onClick={() => void act(async () => keep(await send('post', path, { id: run.id }, {}, { rev: run.attempt })))}>
      {title}
    </button>
  )
  return (
    <>
      <Verbs>
        {may('compute') && (
          <button type="button" className="btn" disabled={busy} onClick={() => void act(async () => keep(await send('post', '/scores', {}, { sheet: run.sheet, from: run.period.from })))}>
            {m.sco.again}
          </button>
        )}
        {may('return') && (
          <button type="button" className="btn" onClick={() => setAsk('return')}>
            {m.sco.returns}
          </button>
        )}
        {may('revise') && (
          <button type="button" className="btn" onClick={() => setAsk('revise')}>
            {m.sco.revise}
          </button>
        )}
        {may('check') && step('/scores/{id}/check', m.sco.check)}
        {may('publish') && step('/scores/{id}/publish', m.sco.publish)}
        {may('settle') && step('/scores/{id}/settle', m.sco.settle)}
      </Verbs>
      {may('enter') && !may('check') && <p className="muted small sco-own">{m.sco.ownHint}</p>}
      {ask && <Ask run={run} what={ask} onClose={() => setAsk(null)} keep={keep} />}
    </>
  )
}

function Ask({ run, what, onClose, keep }: { run: Run; what: 'return' | 'revise'; onClose: () => void; keep: (v: Run) => Promise<void> }) {
  const { m } = useI18n()
  const navigate = useNavigate()
  const reason = useReason(m.sco.needReason)
  const go = async (op: string) => {
    const v = await send('post', what === 'return' ? '/scores/{id}/return' : '/scores/{id}/revise', { id: run.id }, { reason: reason.reason }, { rev: run.attempt, op })
    await keep(v)
    onClose()
    if (v.id !== run.id) await navigate({ to: '/scores/$id', params: { id: v.id }, search: {} })
  }
  return (
    <FormDialog title={what === 'return' ? m.sco.returns : m.sco.revise} onClose={onClose} check={reason.check} onSubmit={go}>
      <TextArea label={m.sco.why} {...reason.field} rows={3} maxLength={500} autoFocus />
      {what === 'revise' && <p className="muted">{m.sco.reviseHint}</p>}
    </FormDialog>
  )
}
