import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { get } from '../../api/client'
import { Find, Select } from '../ui/Field'
import { Pager } from '../ui/Pager'
import { PhoneScope } from '../ui/Scope'
import { Loaded, State } from '../ui/States'
import { Heads } from '../ui/Table'
import { Verbs } from '../ui/Verbs'
import { can, useMe, useScope, useTitle, useUrl } from '../ui/hooks'
import { VisitResult } from './parts'
import { PaperDialog } from './PaperDialog'
import { ReceiveDialog } from './ReceiveDialog'
import { useI18n } from './texts'
import './inspect.css'

const SIZE = 50

export default function VisitsPage() {
  const { m, l } = useI18n()
  useTitle(m.inspect.visits)
  const me = useMe()
  const { unit, period } = useScope()
  const [search, set] = useUrl()
  const q = { unit, period, q: search.q, kind: search.kind, state: search.state, page: search.page ?? 1, size: SIZE }
  const query = useQuery({ queryKey: ['visits', q], queryFn: ({ signal }) => get('/visits', q, signal), placeholderData: keepPreviousData })
  const [receive, setReceive] = useState(false)
  const [paper, setPaper] = useState(false)
  const narrow = !!(search.q || search.kind || search.state)
  return (
    <div className="page inspect-page">
      <PhoneScope />
      <h1 className="unseen">{m.inspect.visits}</h1>
      <Verbs>
        {can(me, 'inspect.visit') && (
          <button type="button" className="btn no-phone" onClick={() => setPaper(true)}>
            {m.inspect.paper}
          </button>
        )}
        {can(me, 'inspect.receive') && (
          <button type="button" className="btn no-phone" onClick={() => setReceive(true)}>
            {m.inspect.receive}
          </button>
        )}
        {can(me, 'inspect.visit') && (
          <Link className="btn primary" to="/inspect" search={{}}>
            {m.inspect.go}
          </Link>
        )}
      </Verbs>
      {paper && <PaperDialog onClose={() => setPaper(false)} />}
      {receive && <ReceiveDialog onClose={() => setReceive(false)} />}
      <div className="row wrap">
        <Find label={m.inspect.search} value={search.q ?? ''} onChange={x => set({ q: x || undefined, page: undefined }, { replace: true })} />
        <div className="inspect-kind">
          <Select label={m.inspect.kind} value={(search.kind ?? '') as 'routine' | ''} none={m.common.all} onChange={kind => set({ kind: kind || undefined, page: undefined })} options={(['routine', 'special', 'self'] as const).map(k => ({ value: k as 'routine', label: m.inspect.kinds[k]! }))} />
        </div>
      </div>
      <Loaded query={query} rows={8}>
        {d =>
          d.rows.length === 0 ? (
            <State
              kind={narrow ? 'nomatch' : 'empty'}
              title={narrow ? m.inspect.noMatch : m.inspect.visitsNone}
              actions={
                narrow ? (
                  <button type="button" className="btn" onClick={() => set({ q: undefined, kind: undefined, state: undefined, page: undefined })}>
                    {m.common.clear}
                  </button>
                ) : undefined
              }
            />
          ) : (
            <>
              <p className="total gap-3" data-testid="visits-total">
                <b>{m.inspect.total({ n: d.total })}</b>
              </p>
              <table className="table inspect-table">
                <Heads of={[m.inspect.no_, m.inspect.day, m.inspect.place, m.inspect.form, m.inspect.kind, m.inspect.by, m.inspect.result]} />
                <tbody>
                  {d.rows.map(v => (
                    <tr key={v.id} className={v.state === 'void' ? 'off' : undefined}>
                      <td className="nowrap">
                        <Link to="/visits/$id" params={{ id: v.id }} search={{}}>
                          {v.no}
                        </Link>
                      </td>
                      <td className="nowrap">{v.day}</td>
                      <td>
                        <Link className="title-link" to="/visits/$id" params={{ id: v.id }} search={{}}>
                          {v.place_name}
                        </Link>
                      </td>
                      <td className="muted">{l(v.title)}</td>
                      <td className="muted nowrap">{m.inspect.kinds[v.kind]}</td>
                      <td className="nowrap">{v.by}</td>
                      <td>
                        <VisitResult v={v} />
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
              <Pager page={d.page} size={SIZE} total={d.total} go={page => set({ page })} />
            </>
          )
        }
      </Loaded>
    </div>
  )
}
