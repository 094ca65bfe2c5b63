import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { get, send, type Answer } from '../../api/client'
import { shortDay } from '../../shared/format'
import { DayInput } from '../ui/DayInput'
import { FormDialog } from '../ui/Dialog'
import { FieldBox, SelectField, TextField } from '../ui/Field'
import { Icon } from '../ui/Icon'
import { PhoneScope, UnitSelect } from '../ui/Scope'
import { Loaded, State } from '../ui/States'
import { Heads } from '../ui/Table'
import { toast } from '../ui/Toast'
import { Verbs } from '../ui/Verbs'
import { can, useMe, useScope, useTitle, useUrl } from '../ui/hooks'
import { useI18n } from './texts'
import './special.css'

type Page = Answer<'/special-inspections'>
type Row = Page['rows'][number]
type Open = { kind: 'add' } | { kind: 'take' } | { kind: 'edit'; row: Row } | { kind: 'void'; row: Row } | { kind: 'count'; campaign: Page['unkept'][number] }

/** The special inspections of a year: what campaigns came to, and what was inspected without one. */
export default function SpecialPage() {
  const { m, l } = useI18n()
  useTitle(m.special.title)
  const me = useMe()
  const { unit, period } = useScope()
  const [search] = useUrl()
  const [open, setOpen] = useState<Open | null>(null)
  const year = Number(period.slice(0, 4))
  const query = useQuery({
    queryKey: ['special', unit, year],
    queryFn: ({ signal }) => get('/special-inspections', { unit, year }, signal),
    placeholderData: keepPreviousData,
  })
  const d = query.data
  return (
    <div className="page">
      <PhoneScope />
      <h1 className="unseen">{m.special.title}</h1>
      <Verbs>
        {can(me, 'inspect.plan') && (
          <button type="button" className="btn primary" onClick={() => setOpen({ kind: 'add' })}>
            <Icon name="plus" />
            {m.special.add}
          </button>
        )}
      </Verbs>
      {d && !d.takeover.done && d.takeover.ready + d.takeover.waiting > 0 && (
        <p className="hint">
          <Icon name="warn" />
          <span className="grow">
            {m.special.takeover({ n: d.takeover.ready })}
            {d.takeover.waiting > 0 && m.special.takeoverWaiting({ n: d.takeover.waiting })}
          </span>
          {d.takeover.may && d.takeover.waiting === 0 && (
            <button type="button" className="btn slim" onClick={() => setOpen({ kind: 'take' })}>
              {m.special.takeoverAct}
            </button>
          )}
        </p>
      )}
      {d && (d.takeover.done || d.takeover.ready + d.takeover.waiting === 0) &&
        d.unkept.map(c => (
          <p className="hint" key={c.id}>
            <Icon name="warn" />
            <span className="grow">{m.special.unkept({ title: c.title, no: c.no, day: shortDay(c.last, me.today), sites: c.sites, problems: c.problems })}</span>
            <button type="button" className="btn slim" onClick={() => setOpen({ kind: 'count', campaign: c })}>
              {m.special.count}
            </button>
          </p>
        ))}
      <Loaded query={query} rows={6}>
        {d =>
          d.rows.length === 0 ? (
            <State kind="empty" title={m.special.none({ year })}>
              {m.special.noneHint}
            </State>
          ) : (
            <>
              <p className="total gap-2" data-testid="special-total">
                <b>{m.special.total({ n: d.held })}</b>
                {m.common.sep}
                {m.special.sum({ sites: d.sites, problems: d.problems })}
                {m.common.sep}
                {m.special.outcomes({ n: d.outcomes })}
              </p>
              <table className="table special-table">
                <Heads of={[m.special.day, m.special.topic, m.special.unit, m.special.found, m.special.outcome, '']} />
                <tbody>
                  {d.rows.map(r => (
                    <tr key={r.id} className={[r.state === 'void' ? 'faint' : '', search.open === r.id ? 'on' : ''].join(' ').trim() || undefined}>
                      <td className="nowrap">{shortDay(r.day, me.today)}</td>
                      <td>
                        {r.campaign ? (
                          <Link className="title-link" to="/campaigns/$id" params={{ id: r.campaign }} search={{}}>
                            {r.topic}
                          </Link>
                        ) : r.origin ? (
                          <Link className="title-link" to="/entry/$id" params={{ id: r.id }} search={{}}>
                            {r.topic}
                          </Link>
                        ) : (
                          r.topic
                        )}{' '}
                        <code className="faint small nowrap">{r.no}</code>
                        {r.state === 'void' && (
                          <span className="small">
                            {' '}
                            {m.special.voided}
                            {r.reason}
                          </span>
                        )}
                        {r.behind && <span className="tag">{m.special.behind}</span>}
                      </td>
                      <td className="muted">{r.unit.name}</td>
                      <td className="nowrap" data-l={m.special.found}>
                        {m.special.foundOf({ sites: r.sites, problems: r.problems })}
                      </td>
                      <td data-l={m.special.outcome}>
                        {r.outcome ? (
                          <>
                            {l(r.outcome_title)} <span className="muted">{r.outcome_number}</span>
                          </>
                        ) : (
                          <span className="faint">{m.special.noOutcome}</span>
                        )}
                      </td>
                      <td className="nowrap special-acts">
                        {r.may && (
                          <>
                            <button type="button" className="link" onClick={() => setOpen({ kind: 'edit', row: r })} aria-label={`${r.outcome ? m.common.edit : m.special.sayOutcome} ${r.topic}`}>
                              {r.outcome ? m.common.edit : m.special.sayOutcome}
                            </button>{' '}
                            <button type="button" className="link" onClick={() => setOpen({ kind: 'void', row: r })} aria-label={`${m.special.void} ${r.topic}`}>
                              {m.special.void}
                            </button>
                          </>
                        )}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </>
          )
        }
      </Loaded>
      {open?.kind === 'add' && <Said unit={unit} onClose={() => setOpen(null)} />}
      {open?.kind === 'edit' && <Said unit={unit} row={open.row} onClose={() => setOpen(null)} />}
      {open && (open.kind === 'take' || open.kind === 'void' || open.kind === 'count') && <Act open={open} onClose={() => setOpen(null)} />}
    </div>
  )
}

/** What is said of one. Of a campaign only what came of it can be said: the rest is what was found. */
function Said({ unit, row, onClose }: { unit: number; row?: Row; onClose: () => void }) {
  const { m } = useI18n()
  const me = useMe()
  const client = useQueryClient()
  const own = !row?.campaign
  const [at, setAt] = useState<number | undefined>(unit)
  const [day, setDay] = useState(row?.day ?? me.today)
  const [topic, setTopic] = useState(row?.topic ?? '')
  const [sites, setSites] = useState(row ? String(row.sites) : '')
  const [problems, setProblems] = useState(row ? String(row.problems) : '')
  const [outcome, setOutcome] = useState<string>(row?.outcome ?? '')
  const [number, setNumber] = useState(row?.outcome_number ?? '')
  const [fault, setFault] = useState<{ [k: string]: string }>({})
  const whole = (s: string) => /^\d{0,6}$/.test(s.trim())
  const check = () => {
    const f: typeof fault = {}
    if (own && !topic.trim()) f.topic = m.form.err.required({ f: m.special.topic })
    if (own && !day) f.day = m.form.err.choose({ f: m.special.day })
    if (own && !row && !at) f.at = m.form.err.choose({ f: m.special.unit })
    if (own && !whole(sites)) f.sites = m.special.wholeNumber
    if (own && !whole(problems)) f.problems = m.special.wholeNumber
    if (number.trim() && !outcome) f.outcome = m.special.whichPaper
    setFault(f)
    return !Object.keys(f).length
  }
  const go = async (op: string) => {
    const said = { day, topic: topic.trim(), sites: Number(sites || 0), problems: Number(problems || 0), outcome, outcome_number: number.trim() }
    if (row) await send('put', '/special-inspections/{id}', { id: row.id }, said, { op, rev: row.rev })
    else await send('post', '/special-inspections', {}, { unit: at, ...said }, { op })
    toast(m.common.saved)
    await client.invalidateQueries()
    onClose()
  }
  return (
    <FormDialog title={row ? row.topic : m.special.add} submit={m.common.save} onClose={onClose} check={check} onSubmit={go}>
      {own ? (
        <>
          {!row && (
            <FieldBox label={m.special.unit} error={fault.at}>
              {a => <UnitSelect id={a.id} label={m.special.unit} value={at} onChange={setAt} invalid={a.invalid} describedby={a.describedby} />}
            </FieldBox>
          )}
          <FieldBox label={m.special.day} error={fault.day}>
            {a => <DayInput id={a.id} value={day} onChange={setDay} invalid={a.invalid} describedby={a.describedby} />}
          </FieldBox>
          <TextField label={m.special.topic} value={topic} onChange={setTopic} error={fault.topic} />
          <div className="grid-2">
            <TextField label={m.special.sites} value={sites} onChange={setSites} error={fault.sites} optional={m.common.optional} />
            <TextField label={m.special.problems} value={problems} onChange={setProblems} error={fault.problems} optional={m.common.optional} />
          </div>
        </>
      ) : (
        <p className="muted">{m.special.fromCampaign({ no: row.no, sites: row.sites, problems: row.problems })}</p>
      )}
      <SelectField
        label={m.special.outcome}
        error={fault.outcome}
        none={m.special.noOutcome}
        options={[
          { value: 'bulletin', label: m.special.bulletin },
          { value: 'prompt', label: m.special.prompt },
        ]}
        value={outcome}
        onChange={setOutcome}
      />
      <TextField label={m.special.number} value={number} onChange={setNumber} optional={m.common.optional} />
    </FormDialog>
  )
}

function Act({ open, onClose }: { open: Extract<Open, { kind: 'take' | 'void' | 'count' }>; onClose: () => void }) {
  const { m } = useI18n()
  const client = useQueryClient()
  const [reason, setReason] = useState('')
  const [fault, setFault] = useState<string>()
  const go = async (op: string) => {
    if (open.kind === 'take') await send('post', '/special-inspection-takeover', {}, {}, { op })
    else if (open.kind === 'count') await send('post', '/special-inspections', {}, { campaign: open.campaign.id }, { op })
    else await send('post', '/special-inspections/{id}/void', { id: open.row.id }, { reason: reason.trim() }, { op, rev: open.row.rev })
    toast(m.common.saved)
    await client.invalidateQueries()
    onClose()
  }
  const check = () => {
    setFault(open.kind !== 'void' || reason.trim() ? undefined : m.form.err.required({ f: m.special.why }))
    return open.kind !== 'void' || !!reason.trim()
  }
  return (
    <FormDialog
      title={open.kind === 'take' ? m.special.takeoverAct : open.kind === 'count' ? m.special.count : m.special.void}
      danger={open.kind === 'void'}
      onClose={onClose}
      check={check}
      onSubmit={go}
    >
      <p>{open.kind === 'take' ? m.special.takeoverAsk : open.kind === 'count' ? m.special.countAsk : m.special.voidAsk({ topic: open.row.topic })}</p>
      {open.kind === 'void' && <TextField label={m.special.why} value={reason} onChange={setReason} error={fault} autoFocus />}
    </FormDialog>
  )
}
