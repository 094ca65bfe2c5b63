import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { get, send, url, type Answer } from '../../api/client'
import { int } from '../../shared/format'
import { Dialog } from '../ui/Dialog'
import { ErrorBox } from '../ui/Field'
import { Icon } from '../ui/Icon'
import { Loaded, State, useProblemText } from '../ui/States'
import { toast } from '../ui/Toast'
import { useIsPhone, useUrl } from '../ui/hooks'
import { useNews } from '../ui/news'
import { AssignPanel } from './AssignPanel'
import { useI18n } from './texts'

type View = Answer<'/import-runs/{id}'>
type Line = View['lines'][number]
type Mend = { line?: number; column: number; was?: string; text: string }

/** One import: being read, to be mended in place, being kept, kept, undone. */
export function ImportPanel({ id }: { id: string }) {
  const { m } = useI18n()
  const [search, set] = useUrl()
  const client = useQueryClient()
  const news = useNews()
  const problem = useProblemText()
  const [asking, setAsking] = useState(false)
  const [assigning, setAssigning] = useState(false)
  const [error, setError] = useState('')
  const query = useQuery({
    queryKey: ['imports', id, search.state ?? 'bad', search.page ?? 1],
    queryFn: ({ signal }) => get('/import-runs/{id}', { id, state: search.state === 'all' ? '' : (search.state ?? 'bad'), page: search.page ?? 1 }, signal),
    placeholderData: keepPreviousData,
    refetchInterval: q => (q.state.data?.state === 'reading' || q.state.data?.state === 'keeping' ? 500 : false),
  })
  const state = query.data?.state
  // With nothing to mend, what would be imported is shown.
  const clean = state === 'open' && query.data?.bad === 0 && query.data.good > 0 && !query.isPlaceholderData
  useEffect(() => {
    if (clean && !search.state) set({ state: 'good', page: undefined }, { replace: true })
  }, [clean, search.state, set])
  useEffect(() => {
    if (state === 'kept' || state === 'undone') void news('entry', 'figure')
  }, [state, news])
  const again = () => client.invalidateQueries({ queryKey: ['imports'] })
  const act = useMutation({
    mutationFn: (what: () => Promise<unknown>) => what(),
    onSuccess: () => setError(''),
    onError: e => setError(problem(e)),
    onSettled: again,
  })
  const mend = (x: Mend) =>
    act.mutate(async () => {
      const r = await send('post', '/import-runs/{id}/mend', { id }, x)
      if (r.changed > 1) toast(m.batch.mended({ n: r.changed }))
    })

  return (
    <Loaded query={query}>
      {v => {
        const busy = v.state === 'reading' || v.state === 'keeping'
        if (busy)
          return (
            <div className="imp-busy" role="status">
              <h2>{v.name}</h2>
              <p>{v.state === 'reading' ? m.batch.reading({ n: v.done }) : m.batch.keeping({ n: v.total })}</p>
              <div className={v.state === 'reading' || !v.done ? 'bar idle' : 'bar'}>
                <i style={v.total && v.done ? { width: `${Math.min(100, (100 * v.done) / v.total)}%` } : undefined} />
              </div>
              <p className="t2">{m.batch.leave}</p>
            </div>
          )
        const drop = (
          <button
            type="button"
            className="btn quiet"
            onClick={() =>
              act.mutate(
                () => send('delete', '/import-runs/{id}', { id }),
                {
                  onSuccess: () => {
                    toast(m.batch.dropped)
                    set({ id: undefined, state: undefined, page: undefined })
                  },
                },
              )
            }
          >
            {m.batch.drop}
          </button>
        )
        if (v.assign && (v.says?.length || assigning))
          return (
            <AssignPanel
              key={v.at}
              assign={v.assign}
              headRow={v.head_row}
              before={v.assigned && !!v.says?.length}
              busy={act.isPending}
              send={async columns => {
                await send('post', '/import-runs/{id}/columns', { id }, { columns })
                setAssigning(false)
                await again()
              }}
              cancel={
                assigning && !v.says?.length ? (
                  <button type="button" className="btn" onClick={() => setAssigning(false)}>
                    {m.common.cancel}
                  </button>
                ) : (
                  drop
                )
              }
            />
          )
        if (v.says?.length)
          return (
            <State
              kind="failed"
              title={m.batch.file}
              actions={
                <button type="button" className="btn primary" onClick={() => set({ id: undefined, state: undefined })}>
                  {m.imports.choose}
                </button>
              }
            >
              <ul className="imp-says">
                {v.says.map(s => (
                  <li key={s}>{s}</li>
                ))}
              </ul>
            </State>
          )
        const undo = v.accepted > 0 && (
          <button type="button" className="btn" onClick={() => setAsking(true)}>
            {m.batch.undo}
          </button>
        )
        const dialog = asking && (
          <Dialog
            title={m.batch.undoTitle}
            onClose={() => setAsking(false)}
            submit={m.batch.undo}
            danger
            busy={act.isPending}
            onSubmit={() => act.mutate(() => send('post', '/import-runs/{id}/undo', { id }), { onSuccess: () => toast(m.batch.undone), onSettled: () => setAsking(false) })}
          >
            <p>{m.batch.undoBody({ n: v.accepted })}</p>
          </Dialog>
        )
        if (v.state === 'kept' || v.state === 'undone')
          return (
            <>
              {error && <ErrorBox>{error}</ErrorBox>}
              <State
                kind={v.state === 'kept' ? 'done' : 'empty'}
                title={v.state === 'kept' ? m.batch.keptTitle({ n: v.accepted }) : m.batch.undone}
                actions={
                  <>
                    <Link className="btn primary" to="/ledger/$kind" params={{ kind: v.kind }} search={{}}>
                      {m.imports.seeLedger}
                    </Link>
                    {v.state === 'kept' && undo}
                  </>
                }
              >
                {v.unchanged > 0 ? m.imports.same({ n: v.unchanged }) : ''}
              </State>
              {dialog}
            </>
          )
        return (
          <div className="imp-batch">
            <div className="sumrow">
              <b className="nm">{v.name}</b>
              <span className="t2">{m.imports.rows({ n: v.rows })}</span>
              {v.head_row > 1 && <span className="t2">{m.assign.head({ row: v.head_row })}</span>}
              {v.assigned && v.accepted === 0 && (
                <span className="t2">
                  {m.assign.done}{' '}
                  <button type="button" className="link" onClick={() => setAssigning(true)}>
                    {m.assign.change}
                  </button>
                </span>
              )}
              {v.accepted > 0 && <span>{m.batch.keptTitle({ n: v.accepted })}</span>}
              {v.accepted > 0 && v.bad > 0 && <span className="t2">{m.batch.keptRest({ n: v.bad })}</span>}
            </div>
            <nav className="tabs" aria-label={m.ledger.views}>
              {(['bad', 'good', 'same', 'kept', 'all'] as const).map(s => {
                const count = { bad: v.bad, good: v.good, same: v.unchanged, kept: v.accepted, all: v.rows }[s]
                return s === 'bad' || count > 0 ? (
                  <button
                    key={s}
                    type="button"
                    aria-current={(search.state ?? 'bad') === s ? 'page' : undefined}
                    onClick={() => set({ state: s === 'bad' ? undefined : s, page: undefined }, { replace: true })}
                  >
                    {m.batch.tabs[s === 'all' ? '' : s]}
                    <span className="t3">{int(count, document.documentElement.lang === 'en' ? 'en' : 'zh')}</span>
                  </button>
                ) : null
              })}
            </nav>
            {error && (
              <div className="mt2">
                <ErrorBox>{error}</ErrorBox>
              </div>
            )}
            {v.bad > 0 && (search.state ?? 'bad') === 'bad' && <p className="t2 fixhint">{m.batch.fixHint}</p>}
            {v.lines?.length ? <Grid view={v} mend={mend} busy={act.isPending} /> : <State kind="nomatch" title={m.batch.none} />}
            <Pages view={v} />
            <div className="runbar">
              {v.accepted === 0 ? (
                drop
              ) : (
                undo
              )}
              <span className="grow" />
              {v.bad > 0 && (
                <a className="btn no-phone" href={url(`/import-runs/${id}/rejected`)} download>
                  <Icon name="download" />
                  {m.batch.rejected}
                </a>
              )}
              <button
                type="button"
                className="btn primary"
                disabled={act.isPending || v.good === 0}
                onClick={() => act.mutate(() => send('post', '/import-runs/{id}/keep', { id }, { clean_only: v.bad > 0 }))}
              >
                {v.bad > 0 ? m.batch.keepClean({ n: v.good }) : m.batch.keepAll({ n: v.good })}
              </button>
            </div>
            {dialog}
          </div>
        )
      }}
    </Loaded>
  )
}

function Pages({ view: v }: { view: View }) {
  const { m } = useI18n()
  const [, set] = useUrl()
  const from = (v.page - 1) * 100
  if (v.matching <= 100) return null
  return (
    <div className="row imp-pages">
      <button type="button" className="btn s" disabled={v.page <= 1} onClick={() => set({ page: v.page - 1 }, { replace: true })}>
        {m.batch.less}
      </button>
      <span className="t2">{m.batch.rows({ from: from + 1, to: Math.min(from + 100, v.matching), all: v.matching })}</span>
      <button type="button" className="btn s" disabled={from + 100 >= v.matching} onClick={() => set({ page: v.page + 1 }, { replace: true })}>
        {m.batch.more}
      </button>
    </div>
  )
}

function Grid({ view: v, mend, busy }: { view: View; mend: (x: Mend) => void; busy: boolean }) {
  const { m, l } = useI18n()
  const phone = useIsPhone()
  const columns = v.columns ?? []
  // columns nobody filled in are noise in a check; those that are not read stand last
  const used = columns
    .map((_, i) => i)
    .filter(i => v.lines?.some(x => x.cells?.[i] || x.faults?.some(f => f.column === i)))
    .sort((a, b) => Number(v.assigned && !columns[a]!.key) - Number(v.assigned && !columns[b]!.key) || a - b)
  if (phone)
    return (
      <ul className="imp-cards">
        {v.lines?.map(x => (
          <li key={x.line} className={x.state === 'bad' ? 'bad' : ''}>
            <b className="t2">
              {m.batch.line} {x.line}
            </b>
            {(x.state === 'bad' ? used.filter(i => x.faults?.some(f => f.column === i)) : used.slice(0, 3)).map(i => (
              <div key={i} className="c">
                <span className="t2">{columns[i]!.title}</span>
                <CellOf line={x} i={i} column={columns[i]!} mend={mend} busy={busy} />
              </div>
            ))}
            <Rest line={x} />
          </li>
        ))}
      </ul>
    )
  return (
    <div className="imp-grid" tabIndex={-1}>
      <table className="table">
        <thead>
          <tr>
            <th className="ln">{m.batch.line}</th>
            {used.map(i => (
              <th key={i}>
                {columns[i]!.title}
                {v.assigned && <span className="asg-to">{columns[i]!.key ? l(columns[i]!.field) : m.assign.unreadShort}</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {v.lines?.map(x => (
            <tr key={x.line} className={x.state === 'bad' ? 'bad' : ''}>
              <td className="ln t3">
                {x.line}
                <Rest line={x} />
              </td>
              {used.map(i => (
                <td key={i}>
                  <CellOf line={x} i={i} column={columns[i]!} mend={mend} busy={busy} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** Faults of the row as a whole. */
function Rest({ line }: { line: Line }) {
  const whole = line.faults?.filter(f => f.column < 0) ?? []
  return whole.map(f => (
    <p key={f.message} className="say">
      {f.message}
    </p>
  ))
}

function CellOf({ line, i, column, mend, busy }: { line: Line; i: number; column: View['columns'][number]; mend: (x: Mend) => void; busy: boolean }) {
  const { m } = useI18n()
  const faults = line.faults?.filter(f => f.column === i) ?? []
  const have = line.cells?.[i] ?? ''
  const [text, setText] = useState<string | null>(null)
  const [was, setWas] = useState(have)
  if (was !== have) {
    setWas(have)
    setText(null)
  }
  const bad = faults.length > 0
  const label = m.batch.cell({ row: line.line, column: column.title })
  const done = (t: string | null) => {
    if (t !== null && t !== have) mend({ line: line.line, column: i, text: t })
    else setText(null)
  }
  if (line.state === 'kept' || line.state === 'same') return <span>{have}</span>
  const options = column.options ?? []
  const cure = faults.find(f => f.suggestion && f.suggestion !== have)?.suggestion
  return (
    <div className={bad ? 'cell bad' : 'cell'}>
      {bad || text !== null ? (
        options.length > 0 ? (
          <select className="input" aria-label={label} aria-invalid={bad} value={options.includes(text ?? have) ? (text ?? have) : ''} disabled={busy} onChange={e => done(e.target.value)}>
            {!options.includes(text ?? have) && <option value="">{have || '—'}</option>}
            {options.map(o => (
              <option key={o}>{o}</option>
            ))}
          </select>
        ) : (
          <input
            className="input"
            aria-label={label}
            aria-invalid={bad}
            autoFocus={text !== null && !bad}
            value={text ?? have}
            onChange={e => setText(e.target.value)}
            onBlur={() => done(text)}
            onKeyDown={e => {
              if (e.nativeEvent.isComposing) return
              if (e.key === 'Enter') e.currentTarget.blur()
              if (e.key === 'Escape') setText(null)
            }}
          />
        )
      ) : (
        <button type="button" className="edit" aria-label={`${label}${m.common.colon}${have}`} onClick={() => setText(have)}>
          {have || ' '}
        </button>
      )}
      {faults.map(f => (
        <p key={f.message} className="say">
          {f.message}
        </p>
      ))}
      {cure && (
        <div className="cures">
          <button type="button" className="btn s" disabled={busy} onClick={() => mend({ line: line.line, column: i, text: cure })}>
            {m.batch.use({ s: cure })}
          </button>
          {line.alike > 1 && line.faults?.[0]?.column === i && (
            <button type="button" className="link sm" disabled={busy} onClick={() => mend({ column: i, was: have, text: cure })}>
              {m.batch.useAll({ n: line.alike })}
            </button>
          )}
        </div>
      )}
    </div>
  )
}
