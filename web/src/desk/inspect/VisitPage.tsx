import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { get, send } from '../../api/client'
import { tableTime } from '../../shared/format'
import { FormDialog } from '../ui/Dialog'
import { TextArea } from '../ui/Field'
import { Icon } from '../ui/Icon'
import { blob } from '../ui/Photos'
import { Loaded } from '../ui/States'
import { StatusMark } from '../ui/StatusMark'
import { Verbs, Where } from '../ui/Verbs'
import { can, useMe, useTitle } from '../ui/hooks'
import { useReason } from '../ui/useReason'
import { answerOf } from '../../shared/check/answers'
import { VisitResult } from './parts'
import type { Item, Visit } from './types'
import { useI18n } from './texts'
import './inspect.css'

/** The record of a visit: what was wrong and what became of it, then every answer. Ready to be shown and printed on leaving. */
export default function VisitPage() {
  const { id = '' } = useParams({ strict: false }) as { id?: string }
  const { m } = useI18n()
  const query = useQuery({ queryKey: ['visit', id], queryFn: ({ signal }) => get('/visits/{id}', { id }, signal) })
  useTitle(query.data ? `${query.data.no} ${query.data.place_name}` : m.inspect.title)
  return (
    <div className="page inspect-page">
      <Loaded query={query} rows={8}>
        {v => <Body v={v} />}
      </Loaded>
    </div>
  )
}

function Thumbs({ list }: { list: string[] }) {
  const { m } = useI18n()
  if (list.length === 0) return null
  return (
    <div className="inspect-thumbs">
      {list.map((sha, i) => (
        <a key={sha} className="photo" href={blob(sha, 'original')} target="_blank" rel="noreferrer">
          <img src={blob(sha, 'thumb')} alt={m.entry.photoN({ a: i + 1, b: list.length })} loading="lazy" />
        </a>
      ))}
    </div>
  )
}

function Body({ v }: { v: Visit }) {
  const { m, l } = useI18n()
  const me = useMe()
  const [asking, setAsking] = useState(false)
  const said = (i: Item, subject: string) => {
    const a = v.answers.find(x => x.item === i.key && (x.subject ?? '') === subject)
    if (!a || a.value === '') return undefined
    if (a.value === 'na') return m.check.na
    switch (answerOf(i)) {
      case 'yes-no':
        return a.value === 'yes' ? m.check.yes : m.check.no
      case 'choice':
        return l(i.options?.find(o => o.key === a.value)?.title ?? { zh: a.value, en: a.value })
      case 'number':
        return `${a.value} ${i.unit ? l(i.unit) : ''}`
      default:
        return a.value
    }
  }
  return (
    <>
      <Where>{v.no}</Where>
      <Verbs>
        <button type="button" className="btn no-phone" onClick={() => print()}>
          <Icon name="print" />
          {m.inspect.print}
        </button>
        {v.may_void && (
          <button type="button" className="btn danger" onClick={() => setAsking(true)}>
            {m.inspect.void}
          </button>
        )}
        {can(me, 'inspect.visit') && (
          <Link className="btn primary" to="/inspect" search={{}}>
            {m.inspect.more}
          </Link>
        )}
      </Verbs>
      <h1>
        <Link to="/inspect/place" search={{ key: v.place }}>
          {v.place_name}
        </Link>{' '}
        <span className="muted small">{l(v.title)}</span>
      </h1>
      <p className="row wrap inspect-marks">
        <VisitResult v={v} />
        <span className="muted">{m.inspect.kinds[v.kind]}</span>
        <span className="muted">{`${v.by} ${tableTime(v.made_at)}`}</span>
        {v.present && <span className="muted">{`${m.check.present} ${v.present}`}</span>}
        <code className="faint">{v.no}</code>
      </p>
      {v.state === 'void' && <p className="hint">{`${m.inspect.voidReason}${m.common.colon}${v.reason}`}</p>}
      {v.owed.length > 0 && <p className="hint">{m.inspect.owed({ n: v.owed.length })}</p>}
      {v.words && <p className="gap-2">{v.words}</p>}
      <section className="gap-5">
        <h2>{m.inspect.findings}</h2>
        {v.findings.length === 0 ? (
          <p className="faint">{m.inspect.noFindings}</p>
        ) : (
          <ul className="inspect-list" data-testid="findings">
            {v.findings.map((f, i) => (
              <li key={i}>
                <div className="grow inspect-name">
                  <b>
                    {f.subject && `${f.subject}${m.common.colon}`}
                    {l(f.title)}
                  </b>
                  {f.words && <span className="muted">{f.words}</span>}
                  <Thumbs list={f.photos} />
                </div>
                {f.case && (
                  <span className="inspect-last">
                    <Link to="/cases/$id" params={{ id: f.case.id }} search={{}}>
                      {f.case.no}
                    </Link>
                    <span className="muted small">{[l(f.case.instrument), f.case.party?.name, f.joined ? m.inspect.joined : ''].filter(Boolean).join(m.common.sep)}</span>
                  </span>
                )}
              </li>
            ))}
          </ul>
        )}
      </section>
      {v.looks.length > 0 && (
        <section className="gap-5">
          <h2>{m.inspect.looked}</h2>
          <ul className="inspect-list">
            {v.looks.map(x => (
              <li key={x.case}>
                <div className="grow inspect-name">
                  {x.row ? (
                    <Link to="/cases/$id" params={{ id: x.case }} search={{}}>
                      <b>{l(x.row.title)}</b>
                    </Link>
                  ) : (
                    <b>{m.inspect.openCases}</b>
                  )}
                  <Thumbs list={x.photos ?? []} />
                </div>
                <StatusMark mark={x.passed ? 'ok' : 'late'}>{x.passed ? m.check.fixed : m.check.notFixed}</StatusMark>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section className="gap-5">
        <h2>{m.inspect.all}</h2>
        {v.form.sections.map(s => {
          const subjects = s.each ? v.subjects.filter(x => x.section === s.key) : []
          const groups = subjects.length > 0 ? subjects : [{ id: '', name: '', section: s.key }]
          return groups.map(g => {
            const rows = s.items.filter(i => said(i, g.id) !== undefined)
            if (rows.length === 0) return null
            return (
              <div key={`${s.key} ${g.id}`} className="inspect-answers">
                <h3>
                  {l(s.title)} {g.name && <span className="muted">{g.name}</span>}
                </h3>
                <dl>
                  {rows.map(i => (
                    <div key={i.key}>
                      <dt>{l(i.ask)}</dt>
                      <dd>{said(i, g.id)}</dd>
                    </div>
                  ))}
                </dl>
              </div>
            )
          })
        })}
      </section>
      {asking && <VoidDialog v={v} onClose={() => setAsking(false)} />}
    </>
  )
}

function VoidDialog({ v, onClose }: { v: Visit; onClose: () => void }) {
  const { m } = useI18n()
  const client = useQueryClient()
  const { reason, check, field } = useReason(m.entry.needReason)
  const go = async (op: string) => {
    const next = await send('post', '/visits/{id}/void', { id: v.id }, { reason }, { rev: v.rev, op })
    client.setQueryData(['visit', v.id], next)
    void client.invalidateQueries({ predicate: q => ['visits', 'cases', 'case', 'figure', 'inspect-place', 'inspect-places'].includes(String(q.queryKey[0])) })
    onClose()
  }
  return (
    <FormDialog title={m.inspect.void} danger onClose={onClose} check={check} onSubmit={go}>
      <p>{m.inspect.voidAsk}</p>
      {v.looks.some(x => x.passed) && <p>{m.inspect.voidLooks}</p>}
      <TextArea label={m.inspect.voidReason} {...field} autoFocus />
    </FormDialog>
  )
}
