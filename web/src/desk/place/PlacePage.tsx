import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { get, send, url, type Body } from '../../api/client'
import { fileSize, fixed, int, longDay, tableTime } from '../../shared/format'
import { useI18n } from '../../shared/i18n'
import type { Shrunk } from '../../shared/shrink'
import { uuid } from '../../shared/uuid'
import { DayInput } from '../ui/DayInput'
import { Dialog } from '../ui/Dialog'
import { ErrorBox, FieldBox } from '../ui/Field'
import { Icon } from '../ui/Icon'
import { Loaded, useProblemText } from '../ui/States'
import { toast } from '../ui/Toast'
import { can, useMe, useTitle } from '../ui/hooks'
import { upload } from '../ui/upload'
import { COLOURS, HoursText, PlaceState, QR } from './parts'
import type { Consent, View } from './types'
import './place.css'

const PATH = ['proposed', 'consulted', 'approved', 'open', 'retired']

export default function PlacePage() {
  const { id = '' } = useParams({ strict: false }) as { id?: string }
  const { m } = useI18n()
  const query = useQuery({ queryKey: ['place', id], queryFn: ({ signal }) => get('/places/{id}', { id }, signal) })
  useTitle(query.data ? `${query.data.name} · ${m.places.title}` : m.places.title)
  return (
    <div className="page pl">
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
      <ol className="pl-steps" aria-label={m.places.life}>
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
              <span className="t3 sm">{i <= at && day ? day : '\u00a0'}</span>
            </li>
          )
        })}
      </ol>
      {v.enough && (
        <p className="hint mt3" role="status">
          <Icon name="warn" />
          <span>{l(v.say)}</span>
        </p>
      )}
      <div className="pl-two">
        <div>
          <section>
            <h2>{m.places.facts}</h2>
            <dl className="kv pl-kv">
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
              <p className="t3">{m.common.none}</p>
            ) : (
              <ul className="pl-bins">
                {v.body.containers.map((c, i) => (
                  <li key={i} className="waste" style={{ '--c': COLOURS[c.category] } as React.CSSProperties}>
                    {m.places.categories[c.category]}
                    <span className="t2">
                      {c.number} × {int(c.litres, lang)} {m.places.litres}
                    </span>
                  </li>
                ))}
              </ul>
            )}
          </section>
          <section>
            <h2>{m.places.consent}</h2>
            {v.consent ? <ConsentView c={v.consent} /> : <p className="t3">{m.places.consentNone}</p>}
            <p className="t3 sm mt2">
              {m.places.rule({ days: v.rule.notice_days, turnout: v.rule.turnout ? `${v.rule.turnout.part}/${v.rule.turnout.of}` : '', agree: v.rule.agree ? `${v.rule.agree.part}/${v.rule.agree.of}` : '' })}
              {v.source && m.common.paren({ t: l(v.source) })}
            </p>
          </section>
        </div>
        <aside>
          {(q || label.isPending) && (
            <section className="pl-qrbox">
              <h2>{m.places.qr}</h2>
              {q ? <QR label={q} /> : <div className="pl-qr" style={{ width: 160, height: 160 }} />}
              <p className="t3 sm">{m.places.qrHint}</p>
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
                  <b>{m.places.steps[s.step] ?? s.step}</b> <span className="t2">{longDay(s.day, lang)}</span>
                  <br />
                  <span className="t3 sm">
                    {s.by} {tableTime(s.at)}
                  </span>
                  {s.note && <p className="t2 sm">{s.step === 'edit' ? m.places.changed({ list: s.note.split(' ').map(k => m.places.fields[k] ?? k).join(m.common.sep) }) : s.note}</p>}
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

function ConsentView({ c }: { c: Consent }) {
  const { m, lang } = useI18n()
  const silent = c.asked - c.agreed - c.objected
  const part = (n: number) => ({ width: `${(n / Math.max(c.asked, 1)) * 100}%` })
  return (
    <>
      <div className="pl-vote" aria-hidden="true">
        <i className="yes" style={part(c.agreed)} />
        <i className="no" style={part(c.objected)} />
      </div>
      <dl className="kv pl-kv mt2">
        <dt>{m.places.asked}</dt>
        <dd>{int(c.asked, lang)}</dd>
        <dt>{m.places.agreed}</dt>
        <dd>{int(c.agreed, lang)}</dd>
        <dt>{m.places.objected}</dt>
        <dd>{int(c.objected, lang)}</dd>
        <dt>{m.places.silent}</dt>
        <dd>{int(silent, lang)}</dd>
        <dt>{m.places.notice}</dt>
        <dd>{m.locks.span({ a: longDay(c.from, lang), b: longDay(c.until, lang) })}</dd>
        {c.answer && (
          <>
            <dt>{m.places.answer}</dt>
            <dd>{c.answer}</dd>
          </>
        )}
        {c.file && (
          <>
            <dt>{m.places.file}</dt>
            <dd>
              <a href={url(`/blobs/${c.file}`, { size: 'original' })} target="_blank" rel="noreferrer">
                {c.file_name || m.common.open}
              </a>
            </dd>
          </>
        )}
      </dl>
    </>
  )
}

function useDone(v: View, onClose: () => void) {
  const { m } = useI18n()
  const client = useQueryClient()
  return (next: View) => {
    client.setQueryData(['place', v.id], next)
    void client.invalidateQueries({ predicate: q => ['places', 'figure'].includes(String(q.queryKey[0])) })
    toast(m.places.done)
    onClose()
  }
}

type Step = Body<'/places/{id}/steps', 'post'>['step']
function Decide({ v, step, onClose }: { v: View; step: string; onClose: () => void }) {
  const { m } = useI18n()
  const me = useMe()
  const problem = useProblemText()
  const done = useDone(v, onClose)
  const [day, setDay] = useState(me.today)
  const [note, setNote] = useState('')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState('')
  const op = useRef(uuid())
  const must = ['suspend', 'retire', 'drop'].includes(step)
  const go = async () => {
    if (must && note.trim().length < 2) return setError(m.entry.needReason)
    setBusy(true)
    try {
      done(await send('post', '/places/{id}/steps', { id: v.id }, { step: step as Step, day, note: note.trim() }, { rev: v.rev, op: op.current }))
    } catch (e) {
      setError(problem(e))
      setBusy(false)
      op.current = uuid()
    }
  }
  return (
    <Dialog title={m.places.decide[step]!} onClose={onClose} onSubmit={() => void go()} submit={m.places.decide[step]!} busy={busy} danger={step === 'retire' || step === 'drop'} error={error && <ErrorBox>{error}</ErrorBox>}>
      <FieldBox label={step === 'open' ? m.places.day.open : step === 'retire' ? m.places.day.retire : m.places.day.other}>{a => <DayInput id={a.id} value={day} onChange={setDay} invalid={a.invalid} describedby={a.describedby} />}</FieldBox>
      <FieldBox label={m.places.note} optional={must ? '' : m.common.optional}>
        {a => <textarea id={a.id} className="input" value={note} onChange={e => setNote(e.target.value)} />}
      </FieldBox>
    </Dialog>
  )
}

function Consult({ v, onClose }: { v: View; onClose: () => void }) {
  const { m } = useI18n()
  const problem = useProblemText()
  const done = useDone(v, onClose)
  const [c, setC] = useState<Consent>(v.consent ?? { from: '', until: '', asked: v.households, agreed: 0, objected: 0, answer: '' })
  const [busy, setBusy] = useState(false)
  const [sending, setSending] = useState(0) // per cent
  const [kept, setKept] = useState<Shrunk['kept']>()
  const [error, setError] = useState('')
  const op = useRef(uuid())
  const put = (patch: Partial<Consent>) => setC(x => ({ ...x, ...patch }))
  const number = (label: string, key: 'asked' | 'agreed' | 'objected') => (
    <FieldBox label={label}>{a => <input id={a.id} className="input" inputMode="numeric" value={c[key] === 0 ? '' : String(c[key])} onChange={e => put({ [key]: Number(e.target.value.replace(/\D/g, '') || 0) })} />}</FieldBox>
  )
  const go = async () => {
    if (!c.from || !c.until) return setError(m.form.err.choose({ f: m.places.notice }))
    setBusy(true)
    try {
      done(await send('post', '/places/{id}/consult', { id: v.id }, { consent: c }, { rev: v.rev, op: op.current }))
    } catch (e) {
      setError(problem(e))
      setBusy(false)
      op.current = uuid()
    }
  }
  const choose = async (file: File | undefined) => {
    if (!file) return
    setSending(1)
    setError('')
    setKept(undefined)
    try {
      const done = await upload(file, p => setSending(Math.max(1, Math.round(p * 100))))
      put({ file: done.sha, file_name: done.file.name })
      setKept(done.kept)
    } catch (e) {
      setError(problem(e))
    }
    setSending(0)
  }
  return (
    <Dialog title={m.places.consent} onClose={onClose} onSubmit={() => void go()} submit={m.common.save} busy={busy || sending > 0} error={error && <ErrorBox>{error}</ErrorBox>}>
      <div className="grid2 field">
        <FieldBox label={m.places.noticeFrom}>{a => <DayInput id={a.id} value={c.from} onChange={x => put({ from: x })} invalid={a.invalid} describedby={a.describedby} />}</FieldBox>
        <FieldBox label={m.places.noticeUntil}>{a => <DayInput id={a.id} value={c.until} onChange={x => put({ until: x })} invalid={a.invalid} describedby={a.describedby} />}</FieldBox>
        {number(m.places.asked, 'asked')}
        {number(m.places.agreed, 'agreed')}
        {number(m.places.objected, 'objected')}
      </div>
      <FieldBox label={m.places.answer} hint={m.places.answerHint}>
        {a => <textarea id={a.id} className="input" aria-describedby={a.describedby} value={c.answer} onChange={e => put({ answer: e.target.value })} />}
      </FieldBox>
      <FieldBox label={m.places.file} optional={m.common.optional}>
        {a => (
          <>
            <input id={a.id} type="file" accept="image/jpeg,image/png,image/webp,image/heic,image/heif,.heic,.heif" onChange={e => void choose(e.target.files?.[0])} />
            {sending > 0 ? <span className="t3"> {m.form.uploading({ p: sending })}</span> : c.file_name && <span className="t3"> {c.file_name}</span>}
            {kept && <span className="t3"> {m.form.shrunk({ from: fileSize(kept.from), to: fileSize(kept.to) })}</span>}
          </>
        )}
      </FieldBox>
    </Dialog>
  )
}
