import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { get, type Body } from '../../api/client'
import { fixed, int, longDay, tableTime } from '../../shared/format'
import { Icon } from '../ui/Icon'
import { Loaded } from '../ui/States'
import { can, useMe, useTitle } from '../ui/hooks'
import { COLOURS, HoursText, PlaceState, QR } from './parts'
import type { View } from './types'
import { Decide, Consult } from './PlaceDialogs'
import { ConsentView } from './ConsentView'
import { useI18n } from './texts'
import './place.css'

const PATH = ['proposed', 'consulted', 'approved', 'open', 'retired']

export default function PlacePage() {
  const { id = '' } = useParams({ strict: false }) as { id?: string }
  const { m } = useI18n()
  const query = useQuery({ queryKey: ['place', id], queryFn: ({ signal }) => get('/places/{id}', { id }, signal) })
  useTitle(query.data ? `${query.data.name} · ${m.places.title}` : m.places.title)
  return (
    <div className="page place-page">
      <Loaded query={query} rows={8}>
        {v => <Body v={v} />}
      </Loaded>
    </div>
  )
}

function Body({ v }: { v: View }) {
  const { m, l, lang } = useI18n()
  const me = useMe()
  const [ask, setAsk] = useState<string | null>(null)
  const label = useQuery({ queryKey: ['place', v.id, 'label'], queryFn: ({ signal }) => get('/place-labels', { ids: v.id, base: location.origin }, signal) })
  const q = label.data?.items[0]
  const acts = (['approve', 'open', 'resume', 'suspend', 'retire', 'drop'] as const).filter(s => v.may[s])
  const batch = v.batches.find(b => b.key === v.batch)
  return (
    <>
      <header>
        <h1>{v.name}</h1>
        <code data-testid="code">{v.code}</code>
        <PlaceState state={v.state} />
        <span className="grow" />
        {can(me, 'ledger.enter') && v.from && !v.until && (
          <Link className="btn" to="/new" search={{ unit: v.unit.id }}>
            {m.places.enter}
          </Link>
        )}
        {v.may.edit && (
          <Link className="btn" to="/points/$id/edit" params={{ id: v.id }} search={{}}>
            <Icon name="edit" />
            {m.common.edit}
          </Link>
        )}
        {v.may.consult && (
          <button type="button" className={v.state === 'proposed' ? 'btn primary' : 'btn'} onClick={() => setAsk('consult')}>
            {m.places.consent}
          </button>
        )}
        {acts.map((s, i) => (
          <button key={s} type="button" className={i === 0 && s !== 'suspend' && s !== 'drop' && !(s === 'approve' && v.enough) ? 'btn primary' : s === 'drop' || s === 'retire' ? 'btn danger' : 'btn'} disabled={s === 'approve' && !!v.enough} onClick={() => setAsk(s)}>
            {m.places.decide[s]}
          </button>
        ))}
      </header>
      <ol className="place-steps" aria-label={m.places.life}>
        {PATH.map(s => {
          const at = PATH.indexOf(v.state === 'suspended' ? 'open' : v.state === 'dropped' ? 'proposed' : v.state)
          const i = PATH.indexOf(s)
          const step = [...v.steps].reverse().find(x => ({ proposed: 'propose', consulted: 'consult', approved: 'approve', open: 'open', retired: 'retire' })[s] === x.step)
          const day = s === 'open' ? v.from : s === 'retired' ? v.until : step?.day
          return (
            <li key={s} className={i < at ? 'was' : i === at ? 'now' : ''} aria-current={i === at ? 'step' : undefined}>
              <span className="dot" aria-hidden="true">
                {i <= at ? <Icon name="check" /> : i + 1}
              </span>
              <b>{s === 'open' && v.state === 'suspended' ? m.places.states.suspended : m.places.states[s]}</b>
              <span className="faint small">{i <= at && day ? day : '\u00a0'}</span>
            </li>
          )
        })}
      </ol>
      {v.enough && (
        <p className="hint gap-3" role="status">
          <Icon name="warn" />
          <span>{l(v.say)}</span>
        </p>
      )}
      <div className="place-two">
        <div>
          <section>
            <h2>{m.places.facts}</h2>
            <dl className="pairs place-pairs">
              <dt>{m.places.type}</dt>
              <dd>{l(v.type_title)}</dd>
              <dt>{m.common.unit}</dt>
              <dd>{v.unit.path.replace(/\//g, ' / ')}</dd>
              <dt>{m.places.address}</dt>
              <dd>{v.body.address || m.common.none}</dd>
              <dt>{m.places.manager}</dt>
              <dd>{v.manager}</dd>
              {batch && (
                <>
                  <dt>{m.places.batch}</dt>
                  <dd>{l(batch.title)}</dd>
                </>
              )}
              {v.households > 0 && (
                <>
                  <dt>{m.places.households}</dt>
                  <dd>{int(v.households, lang)}</dd>
                </>
              )}
              <dt>{m.places.hours}</dt>
              <dd>
                <HoursText hours={v.body.hours} />
              </dd>
              {v.point && (
                <>
                  <dt>{m.places.position}</dt>
                  <dd>
                    {fixed(v.point.lat, 7, lang)}, {fixed(v.point.lon, 7, lang)}
                  </dd>
                </>
              )}
              {v.origin && (
                <>
                  <dt>{m.ledger.number}</dt>
                  <dd>
                    <Link to="/entry/$id" params={{ id: v.id }} search={{}}>
                      {m.places.from({ no: v.origin })}
                    </Link>
                  </dd>
                </>
              )}
            </dl>
          </section>
          <section>
            <h2>{m.places.containers}</h2>
            {v.body.containers.length === 0 ? (
              <p className="faint">{m.common.none}</p>
            ) : (
              <ul className="place-bins">
                {v.body.containers.map((c, i) => (
                  <li key={i} className="waste" style={{ '--c': COLOURS[c.category] } as React.CSSProperties}>
                    {m.places.categories[c.category]}
                    <span className="muted">
                      {c.number} × {int(c.litres, lang)} {m.places.litres}
                    </span>
                  </li>
                ))}
              </ul>
            )}
          </section>
          <section>
            <h2>{m.places.consent}</h2>
            {v.consent ? <ConsentView c={v.consent} /> : <p className="faint">{m.places.consentNone}</p>}
            <p className="faint small gap-2">
              {m.places.rule({ days: v.rule.notice_days, turnout: v.rule.turnout ? `${v.rule.turnout.part}/${v.rule.turnout.of}` : '', agree: v.rule.agree ? `${v.rule.agree.part}/${v.rule.agree.of}` : '' })}
              {v.source && m.common.paren({ t: l(v.source) })}
            </p>
          </section>
        </div>
        <aside>
          {(q || label.isPending) && (
            <section className="place-code-box">
              <h2>{m.places.qr}</h2>
              {q ? <QR label={q} /> : <div className="place-code" style={{ width: 160, height: 160 }} />}
              <p className="faint small">{m.places.qrHint}</p>
              <p className="row wrap">
                {v.from && (
                  <a href={`/p/${v.code}`} target="_blank" rel="noreferrer">
                    {m.places.publicPage}
                  </a>
                )}
                <Link to="/points/labels" search={{ ids: v.id }}>
                  {m.places.printOne}
                </Link>
              </p>
            </section>
          )}
          <section>
            <h2>{m.places.life}</h2>
            <ol className="log">
              {v.steps.map((s, i) => (
                <li key={i}>
                  <b>{m.places.steps[s.step] ?? s.step}</b> <span className="muted">{longDay(s.day, lang)}</span>
                  <br />
                  <span className="faint small">
                    {s.by} {tableTime(s.at)}
                  </span>
                  {s.note && <p className="muted small">{s.step === 'edit' ? m.places.changed({ list: s.note.split(' ').map(k => m.places.fields[k] ?? k).join(m.common.sep) }) : s.note}</p>}
                </li>
              ))}
            </ol>
          </section>
        </aside>
      </div>
      {ask === 'consult' && <Consult v={v} onClose={() => setAsk(null)} />}
      {ask && ask !== 'consult' && <Decide v={v} step={ask} onClose={() => setAsk(null)} />}
    </>
  )
}
