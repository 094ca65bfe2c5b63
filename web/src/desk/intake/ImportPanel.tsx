import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { get, send, url } from '../../api/client'
import { int } from '../../shared/format'
import { Dialog } from '../ui/Dialog'
import { ErrorBox } from '../ui/Field'
import { Icon } from '../ui/Icon'
import { Loaded, State, useProblemText } from '../ui/States'
import { toast } from '../ui/Toast'
import { useUrl } from '../ui/hooks'
import { useNews } from '../ui/news'
import { AssignPanel } from './AssignPanel'
import { useI18n } from './texts'
import { Told } from './Told'
import { type Act, type Mend } from './types'
import { Pages, Grid } from './RowGrid'

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

  const settle = (x: Act) =>
    act.mutate(async () => {
      await send('post', '/import-runs/{id}/rows', { id }, x)
    })
  const source = (sheets: string[], head_row: number) =>
    act.mutate(async () => {
      await send('post', '/import-runs/{id}/source', { id }, { sheets, head_row })
      setAssigning(false)
      set({ state: undefined, page: undefined }, { replace: true })
    })

  return (
    <Loaded query={query}>
      {v => {
        const busy = v.state === 'reading' || v.state === 'keeping'
        if (busy)
          return (
            <div className="intake-busy" role="status">
              <h2>{v.name}</h2>
              <p>{v.state === 'reading' ? m.batch.reading({ n: v.done }) : m.batch.keeping({ n: v.total })}</p>
              <div className={v.state === 'reading' || !v.done ? 'bar idle' : 'bar'}>
                <i style={v.total && v.done ? { width: `${Math.min(100, (100 * v.done) / v.total)}%` } : undefined} />
              </div>
              <p className="muted">{m.batch.leave}</p>
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
              told={<Told view={v} choose={sheets => source(sheets, 0)} busy={act.isPending} />}
              headAt={row => source(v.sheets.filter(x => x.read).map(x => x.name), row)}
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
              <ul className="intake-says">
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
          <div className="intake-batch">
            <div className="sumrow">
              <b className="name">{v.name}</b>
              <span className="muted">{m.imports.rows({ n: v.rows })}</span>
              {v.head_row > 1 && <span className="muted">{m.assign.head({ row: v.head_row })}</span>}
              {v.assigned && v.accepted === 0 && (
                <span className="muted">
                  {m.assign.done}{' '}
                  <button type="button" className="link" onClick={() => setAssigning(true)}>
                    {m.assign.change}
                  </button>
                </span>
              )}
              {v.accepted > 0 && <span>{m.batch.keptTitle({ n: v.accepted })}</span>}
              {v.accepted > 0 && v.bad > 0 && <span className="muted">{m.batch.keptRest({ n: v.bad })}</span>}
            </div>
            <Told view={v} choose={v.accepted === 0 ? sheets => source(sheets, 0) : undefined} busy={act.isPending} />
            <nav className="tabs" aria-label={m.ledger.views}>
              {(['bad', 'good', 'aside', 'same', 'kept', 'all'] as const).map(s => {
                const count = { bad: v.bad, good: v.good, aside: v.aside, same: v.unchanged, kept: v.accepted, all: v.rows }[s]
                return s === 'bad' || count > 0 ? (
                  <button
                    key={s}
                    type="button"
                    aria-current={(search.state ?? 'bad') === s ? 'page' : undefined}
                    onClick={() => set({ state: s === 'bad' ? undefined : s, page: undefined }, { replace: true })}
                  >
                    {m.batch.tabs[s === 'all' ? '' : s]}
                    <span className="faint">{int(count, document.documentElement.lang === 'en' ? 'en' : 'zh')}</span>
                  </button>
                ) : null
              })}
            </nav>
            {error && (
              <div className="gap-2">
                <ErrorBox>{error}</ErrorBox>
              </div>
            )}
            {v.bad > 0 && (search.state ?? 'bad') === 'bad' && <p className="muted fixhint">{m.batch.fixHint}</p>}
            {v.lines?.length ? <Grid view={v} mend={mend} act={settle} busy={act.isPending} /> : <State kind="nomatch" title={m.batch.none} />}
            <Pages view={v} />
            <div className="runbar">
              {v.accepted === 0 ? (
                drop
              ) : (
                undo
              )}
              <span className="grow" />
              {v.bad > 0 && (
                <button type="button" className="btn" disabled={act.isPending} onClick={() => settle({ lines: [], all: 'bad', do: 'leave' })}>
                  {m.batch.skipAll({ n: v.bad })}
                </button>
              )}
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
