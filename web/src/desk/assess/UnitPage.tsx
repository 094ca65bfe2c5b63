import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { get, send } from '../../api/client'
import { longTime } from '../../shared/format'
import { FormDialog } from '../ui/Dialog'
import { TextArea, TextField } from '../ui/Field'
import { PhoneScope } from '../ui/Scope'
import { Loaded } from '../ui/States'
import { toast } from '../ui/Toast'
import { Where } from '../ui/Verbs'
import { useTitle } from '../ui/hooks'
import { useReason } from '../ui/useReason'
import { DecideDialog, ObjectDialog, ObjectionCard } from './Objections'
import { RunState, Sourced, lastMinute } from './parts'
import type { ItemScore, Name, Objection, UnitScore } from './types'
import { useI18n } from './texts'
import './assess.css'

/** Why a unit has its score: every item with its rule, its arithmetic in words, and what it came from. */
export default function UnitPage() {
  const { m, l, lang } = useI18n()
  const { id, no } = useParams({ from: '/scores/$id/units/$no' })
  const query = useQuery({ queryKey: ['score-unit', id, no], queryFn: ({ signal }) => get('/scores/{id}/units/{unit}', { id, unit: Number(no) }, signal) })
  const [enter, setEnter] = useState<Name | null>(null)
  const [object, setObject] = useState<{ item: string; title: string } | null>(null)
  const [decide, setDecide] = useState<Objection | null>(null)
  const d = query.data
  useTitle(d ? `${d.row.unit.name} ${l(d.run.period.title)}` : m.sco.title)
  return (
    <div className="page sco-page">
      <PhoneScope />
      <Where>
        <Link to="/scores/$id" params={{ id }} search={{}}>
          {m.sco.toRun}
        </Link>
      </Where>
      <Loaded query={query} rows={10}>
        {u => {
          const whole = u.objections.filter(o => o.item === '')
          return (
          <>
            <p className="muted">
              <Link to="/scores/$id" params={{ id }} search={{}}>
                {l(u.run.title)}
              </Link>{' '}
              <span className="nowrap">{l(u.run.period.title)}</span> {u.run.rev > 1 && m.sco.rev({ n: u.run.rev })}
            </p>
            <h1>{u.row.unit.name}</h1>
            <div className="sco-head">
              {u.row.scored ? (
                <p className="sco-big">
                  {u.row.points}
                  <small className="muted"> / {u.row.max}</small> <small>{l(u.row.grade?.title)}</small>
                </p>
              ) : (
                <p className="sco-big">
                  <small>
                    {m.sco.unscored}
                    {m.common.colon}
                    {l(u.row.why)}
                  </small>
                </p>
              )}
              <RunState state={u.run.state} />
              {u.row.place > 0 && (
                <span>
                  {m.sco.groupPlace({ g: l(u.group), p: u.row.place, n: u.of })} {u.row.tied && m.sco.tied}
                </span>
              )}
              {u.row.lists.map(x => (
                <span key={x.key} className="sco-list" data-tone={x.tone}>
                  {l(x.title)}
                </span>
              ))}
            </div>
            {u.ahead && <p className="muted sco-lead">{u.needed.length > 0 ? m.sco.needed({ d: u.ahead, t: u.needed.map(l).join(m.common.sep) }) : m.sco.ahead({ d: u.ahead })}</p>}
            {u.notes.length > 0 && (
              <ul className="sco-notes">
                {u.notes.map((n, i) => (
                  <li key={i}>{l(n)}</li>
                ))}
              </ul>
            )}
            {u.visits.length > 0 && (
              <p>
                {m.sco.visits({ n: u.visits.length })}
                {m.common.colon}
                {u.visits.map(v => (
                  <span key={v.id} className="sco-from">
                    {v.link ? <Sourced link={v.link}>{v.day}</Sourced> : v.day}
                  </span>
                ))}
              </p>
            )}
            {whole.map(o => (
              <ObjectionCard key={o.id} o={o} head={<b>{m.sco.total}</b>}>
                {o.may_decide && <Answer onClick={() => setDecide(o)} />}
              </ObjectionCard>
            ))}
            {u.may_object && (
              <p className="row wrap gap-2 sco-may">
                <span>{m.sco.objectUntil({ t: longTime(lastMinute(u.object_until), lang) })}</span>
                {!whole.some(o => o.run === u.run.id) && (
                  <button type="button" className="btn slim" onClick={() => setObject({ item: '', title: m.sco.total })}>
                    {m.sco.objectTo({ t: m.sco.total })}
                  </button>
                )}
              </p>
            )}
            <h2 className="unseen">{m.sco.items}</h2>
            {u.blocks.map(b => (
              <section key={b.key} className="sco-block">
                <h3>
                  <span className="grow">{l(b.title)}</span>
                  <span className="nowrap">
                    <b>{b.points}</b> {!b.extra && <span className="faint">/ {b.max}</span>}
                  </span>
                </h3>
                {l(b.note) && <p className="muted">{l(b.note)}</p>}
                <ol>
                  {b.items.map(it => (
                    <Line key={it.key} u={u} it={it} extra={b.extra} onEnter={setEnter} onObject={() => setObject({ item: it.key, title: l(it.title) })} onDecide={setDecide} />
                  ))}
                </ol>
              </section>
            ))}
            {enter && <Enter u={u} name={enter} onClose={() => setEnter(null)} />}
            {object && <ObjectDialog u={u} {...object} onClose={() => setObject(null)} />}
            {decide && <DecideDialog o={decide} names={numbersOf(u, decide)} onClose={() => setDecide(null)} />}
          </>
        )
        }}
      </Loaded>
    </div>
  )
}

/** The numbers that whoever decides an objection may put right: of its item, or of all where it is the score as a whole. */
const numbersOf = (u: UnitScore, o: Objection) =>
  u.blocks
    .flatMap(b => b.items)
    .filter(it => o.item === '' || it.key === o.item)
    .flatMap(it => it.correct)
    .filter((c, i, all) => all.findIndex(x => x.name === c.name && x.visit === c.visit) === i)

function Answer({ onClick }: { onClick: () => void }) {
  const { m } = useI18n()
  return (
    <p>
      <button type="button" className="btn slim primary" onClick={onClick}>
        {m.sco.decide}
      </button>
    </p>
  )
}

type LineProps = { u: UnitScore; it: ItemScore; extra: boolean; onEnter: (n: Name) => void; onObject: () => void; onDecide: (o: Objection) => void }

function Line({ u, it, extra, onEnter, onObject, onDecide }: LineProps) {
  const { m, l } = useI18n()
  const objections = u.objections.filter(o => o.item === it.key)
  const full = !extra && !it.na && Number(it.points) >= Number(it.max) // nothing to object to
  const share = Number(it.max) > 0 ? Math.max(0, Math.min(100, (Number(it.points) / Number(it.max)) * 100)) : 0
  return (
    <li className={it.na ? 'sco-item off' : 'sco-item'}>
      <div className="sco-what">
        <b>{l(it.title)}</b>
        <p className="small muted">{l(it.rule)}</p>
      </div>
      <div className="sco-how">
        {it.sum.map((x, i) => (
          <p key={i}>{l(x)}</p>
        ))}
        {l(it.note) && <p className={it.waiting ? 'dif' : 'muted'}>{l(it.note)}</p>}
        {it.sum.length === 0 && !l(it.note) && <p className="faint">{it.points === `${it.max}.00` || Number(it.points) === Number(it.max) ? m.sco.full : ''}</p>}
        {it.from.length > 0 && (
          <p className="small">
            <span className="faint">{m.sco.source}</span>
            {it.from.map((x, i) => (
              <span key={i} className="sco-from">
                <Sourced link={x.link}>{l(x.title)}</Sourced>
              </span>
            ))}
          </p>
        )}
        {objections.map(o => (
          <ObjectionCard key={o.id} o={o}>
            {o.may_decide && <Answer onClick={() => onDecide(o)} />}
          </ObjectionCard>
        ))}
        {u.may_object && !full && !objections.some(o => o.run === u.run.id) && (
          <p>
            <button type="button" className="btn slim" aria-label={m.sco.objectTo({ t: l(it.title) })} onClick={onObject}>
              {m.sco.object}
            </button>
          </p>
        )}
        {it.enter.length > 0 && (
          <p className="row wrap gap-2">
            {it.enter.map((n, i) => (
              <button key={i} type="button" className="btn slim" onClick={() => onEnter(n)}>
                {m.sco.enter} {l(n.title)}
              </button>
            ))}
          </p>
        )}
      </div>
      <div className="sco-points">
        {it.na ? (
          <span className="faint">—</span>
        ) : (
          <>
            <b>{it.points}</b> {!extra && <span className="faint">/ {it.max}</span>}
            {!extra && (
              <span className="bar" aria-hidden="true">
                <i style={{ width: `${share}%` }} />
              </span>
            )}
          </>
        )}
      </div>
    </li>
  )
}

function Enter({ u, name, onClose }: { u: UnitScore; name: Name; onClose: () => void }) {
  const { m, l } = useI18n()
  const client = useQueryClient()
  const [value, setValue] = useState('')
  const [error, setError] = useState('')
  const reason = useReason(m.sco.needReason)
  const check = () => {
    setError(value.trim() ? '' : m.sco.needValue)
    return reason.check() && !!value.trim()
  }
  const go = async (op: string) => {
    const body = { unit: u.row.unit.id, name: name.name, value: value.trim(), reason: reason.reason, ...(name.visit ? { visit: name.visit } : {}) }
    await send('post', '/scores/{id}/values', { id: u.run.id }, body, { rev: u.attempt, op })
    toast(m.common.saved)
    await client.invalidateQueries({ predicate: q => ['scores', 'score-unit', 'score-run'].includes(String(q.queryKey[0])) })
    onClose()
  }
  return (
    <FormDialog title={`${m.sco.enter} ${l(name.title)}`} onClose={onClose} check={check} onSubmit={go}>
      <TextField label={l(name.unit) ? `${m.sco.value}${m.common.paren({ t: l(name.unit) })}` : m.sco.value} value={value} onChange={setValue} error={error} hint={m.sco.valueHint} autoFocus />
      <TextArea label={m.sco.why} {...reason.field} rows={3} maxLength={500} />
    </FormDialog>
  )
}
