import { useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { get, send, url } from '../../api/client'
import { tableTime } from '../../shared/format'
import { Combo } from '../ui/Combo'
import { ErrorBox } from '../ui/Field'
import { Icon } from '../ui/Icon'
import { Loaded, State, useProblemText } from '../ui/States'
import { StatusMark, type Mark } from '../ui/StatusMark'
import { Verbs } from '../ui/Verbs'
import { useDrop } from '../ui/useDrop'
import { useKinds, useTitle, useUrl } from '../ui/hooks'
import { ImportPanel } from './ImportPanel'
import { useI18n } from './texts'
import './import.css'

const marks: Record<string, Mark> = { reading: 'open', open: 'wait', keeping: 'open', kept: 'ok', undone: 'void' }

/** Excel into a ledger: nothing is written before the check has been seen, and all of it can be taken back. */
export default function ImportPage() {
  const { m } = useI18n()
  useTitle(m.imports.title)
  const [search, set] = useUrl()
  return (
    <div className="page">
      <h1 className="unseen">{m.imports.title}</h1>
      <Verbs>
        {search.id && (
          <button type="button" className="btn" onClick={() => set({ id: undefined, state: undefined, page: undefined })}>
            {m.batch.new}
          </button>
        )}
      </Verbs>
      {search.id ? <ImportPanel key={search.id} id={search.id} /> : <Start />}
    </div>
  )
}

function Start() {
  const { m, l } = useI18n()
  const kinds = useKinds()
  const [search, set] = useUrl()
  const problem = useProblemText()
  const input = useRef<HTMLInputElement>(null)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState('')
  const take = async (f: File | undefined, kind: string) => {
    if (!f || !kind || busy) return
    setError('')
    if (!/\.(xlsx|csv|xls|txt|et)$/i.test(f.name)) return setError(m.imports.onlyXlsx)
    setBusy(true)
    try {
      const b = await send('post', '/import-runs', { kind, name: f.name }, f)
      set({ id: b.id, kind, state: undefined, page: undefined })
    } catch (e) {
      setError(problem(e))
    } finally {
      setBusy(false)
    }
  }
  const mine = (kinds.data ?? []).filter(k => k.may.enter)
  const kind = mine.find(k => k.key === search.kind) ?? mine[0]
  const { over, drop } = useDrop(files => void take(files[0], kind?.key ?? ''))
  return (
    <Loaded query={kinds}>
      {() => {
        if (!kind) return <State kind="forbidden" title={m.imports.noKinds} />
        return (
          <div className="intake-page">
            <div className="start">
              <div className="pick">
                <div className="field">
                  <label htmlFor="imp-kind">{m.imports.kind}</label>
                  <Combo
                    id="imp-kind"
                    label={m.imports.kind}
                    value={kind.key}
                    options={mine.map(k => ({ value: k.key, label: l(k.title), group: l(k.group_title) }))}
                    onChange={v => set({ kind: v })}
                  />
                </div>
                <a className="btn" href={url(`/kinds/${kind.key}/template`)} download>
                  <Icon name="download" />
                  {m.imports.template}
                </a>
              </div>
              {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- dropping is an extra for the mouse */}
              <label
                className={over ? 'drop on' : 'drop'}
                {...drop}
              >
                <input
                  ref={input}
                  type="file"
                  className="unseen"
                  accept=".xlsx,.csv,.xls,.txt,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet,text/csv"
                  onChange={e => {
                    void take(e.target.files?.[0], kind.key)
                    e.target.value = ''
                  }}
                />
                <Icon name="upload" size={24} />
                <span className="no-phone">{m.imports.drop}</span>
                <span className="btn">{busy ? m.imports.checking : m.imports.choose}</span>
              </label>
              {error && (
                <div className="gap-3">
                  <ErrorBox>{error}</ErrorBox>
                </div>
              )}
            </div>
            <Recent />
          </div>
        )
      }}
    </Loaded>
  )
}

function Recent() {
  const { m, l } = useI18n()
  const kinds = useKinds()
  const [, set] = useUrl()
  const query = useQuery({
    queryKey: ['imports'],
    queryFn: ({ signal }) => get('/import-runs', {}, signal),
    refetchInterval: q => (q.state.data?.items.some(b => b.state === 'reading' || b.state === 'keeping') ? 1500 : false),
  })
  const items = query.data?.items ?? []
  if (!items.length) return null
  return (
    <section className="recent">
      <h2>{m.batch.recent}</h2>
      <ul>
        {items.map(b => (
          <li key={b.id}>
            <button type="button" onClick={() => set({ id: b.id, kind: b.kind, state: undefined, page: undefined })}>
              <b className="name">{b.name || l(kinds.data?.find(k => k.key === b.kind)?.title)}</b>
              <span className="muted">{l(kinds.data?.find(k => k.key === b.kind)?.title)}</span>
              <StatusMark mark={marks[b.state] ?? 'open'}>{m.batch.state[b.state]}</StatusMark>
              <span className="muted num">{b.accepted > 0 ? m.batch.records({ n: b.accepted }) : b.bad > 0 ? m.batch.badRows({ n: b.bad }) : ''}</span>
              <span className="faint num">{tableTime(b.at)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
