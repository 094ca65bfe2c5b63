import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { get, send } from '../../api/client'
import { FormDialog } from '../ui/Dialog'
import { SelectField } from '../ui/Field'
import { Icon } from '../ui/Icon'
import { PhoneScope } from '../ui/Scope'
import { Loaded, State } from '../ui/States'
import { Heads } from '../ui/Table'
import { Verbs } from '../ui/Verbs'
import { useTitle, useUrl } from '../ui/hooks'
import { RunState } from './parts'
import type { Scores } from './types'
import { useI18n } from './texts'
import './assess.css'

/** Every sheet with its runs, the latest first. */
export default function ScoresPage() {
  const { m, l } = useI18n()
  useTitle(m.sco.title)
  const [search, set] = useUrl()
  const [computing, setComputing] = useState(false)
  const query = useQuery({ queryKey: ['scores'], queryFn: ({ signal }) => get('/scores', {}, signal) })
  return (
    <div className="page sco-page">
      <PhoneScope />
      <h1>{m.sco.title}</h1>
      <p className="muted sco-lead">{m.sco.lead}</p>
      <Verbs>
        {query.data?.may_enter && query.data.sheets.length > 0 && (
          <button type="button" className="btn primary" onClick={() => setComputing(true)}>
            <Icon name="plus" />
            {m.sco.compute}
          </button>
        )}
      </Verbs>
      <Loaded query={query} rows={6}>
        {d => {
          const rows = d.runs.filter(r => !search.kind || r.sheet === search.kind)
          return (
            <>
              {d.sheets.length > 1 && (
                <nav className="tabs gap-3" aria-label={m.sco.sheet}>
                  <button type="button" aria-current={search.kind ? undefined : 'page'} onClick={() => set({ kind: undefined })}>
                    {m.common.all}
                  </button>
                  {d.sheets.map(s => (
                    <button key={s.key} type="button" aria-current={search.kind === s.key ? 'page' : undefined} onClick={() => set({ kind: s.key })}>
                      {l(s.title)}
                    </button>
                  ))}
                </nav>
              )}
              {rows.length === 0 ? (
                <State kind="empty" title={d.sheets.length === 0 ? m.sco.noSheets : m.sco.none}>
                  {d.sheets.length > 0 && m.sco.noneHint}
                </State>
              ) : (
                <table className="table sco-runs">
                  <Heads of={[m.sco.period, m.sco.sheet, m.common.state, m.sco.points]} />
                  <tbody>
                    {rows.map(r => (
                      <tr key={r.id}>
                        <td className="nowrap">{l(r.period.title)}</td>
                        <td>
                          <Link className="title-link" to="/scores/$id" params={{ id: r.id }} search={{}}>
                            {l(r.title)}
                          </Link>{' '}
                          {r.rev > 1 && <span className="small muted nowrap">{m.sco.rev({ n: r.rev })}</span>}
                          {!r.latest && r.state !== 'draft' && <span className="small muted nowrap"> {m.sco.replaced}</span>}
                        </td>
                        <td className="nowrap">
                          <RunState state={r.state} />
                        </td>
                        <td className="muted">
                          {m.sco.scoredOf({ a: r.scored, b: r.units })}
                          {r.waiting > 0 && (
                            <span className="dif">
                              {m.common.sep}
                              {m.sco.waiting({ n: r.waiting })}
                            </span>
                          )}
                        </td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              )}
              {computing && <Compute sheets={d.sheets} onClose={() => setComputing(false)} />}
            </>
          )
        }}
      </Loaded>
    </div>
  )
}

function Compute({ sheets, onClose }: { sheets: Scores['sheets']; onClose: () => void }) {
  const { m, l } = useI18n()
  const client = useQueryClient()
  const navigate = useNavigate()
  const [sheet, setSheet] = useState<string>(sheets[0]!.key)
  const periods = sheets.find(s => s.key === sheet)!.periods
  const [from, setFrom] = useState('')
  const chosen = periods.find(p => p.from === from) ?? periods[0]
  const go = async (op: string) => {
    const run = await send('post', '/scores', {}, { sheet, from: chosen!.from }, { op })
    await client.invalidateQueries({ queryKey: ['scores'] })
    onClose()
    await navigate({ to: '/scores/$id', params: { id: run.id }, search: {} })
  }
  return (
    <FormDialog title={m.sco.compute} onClose={onClose} check={() => !!chosen} onSubmit={go}>
      <SelectField label={m.sco.sheet} value={sheet} onChange={v => v && setSheet(v)} options={sheets.map(s => ({ value: s.key, label: l(s.title) }))} />
      <SelectField label={m.sco.period} value={chosen?.from ?? ''} onChange={v => setFrom(v)} options={periods.map(p => ({ value: p.from, label: l(p.title) }))} />
      <p className="muted">{m.sco.computeHint}</p>
    </FormDialog>
  )
}
