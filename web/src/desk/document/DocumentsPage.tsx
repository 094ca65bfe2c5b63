import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { get, send, url } from '../../api/client'
import type { Difference, Document, DocumentRow } from '../../api/types'
import { longTime, shortDay, shortTime, dayOf, signed, tableTime } from '../../shared/format'
import { useI18n } from '../../shared/i18n'
import { Dialog } from '../ui/Dialog'
import { ErrorBox, FieldBox } from '../ui/Field'
import { FigurePanel, shortDigest } from '../ui/FigurePanel'
import { Icon } from '../ui/Icon'
import { UnitSelect, PeriodGrid } from '../ui/Scope'
import { Loaded, State, useProblemText } from '../ui/States'
import { DocumentStatus } from '../ui/StatusMark'
import { can, useHotkeys, useIsPhone, useMe, useScope, useTitle, useUrl } from '../ui/hooks'
import { Paper } from './Paper'
import './document.css'

export default function DocumentsPage() {
  const { m } = useI18n()
  const me = useMe()
  const { id } = useParams({ strict: false }) as { id?: string }
  const { unit } = useScope()
  const query = useQuery({
    queryKey: ['documents', unit],
    queryFn: ({ signal }) => get<{ items: DocumentRow[] }>('/documents', { unit }, signal),
    placeholderData: keepPreviousData,
  })
  const [creating, setCreating] = useState(false)
  useTitle(id ? undefined : m.documents.title)
  const rows = query.data?.items ?? []
  // At the desk the newest stands open at once; a phone starts with the list.
  const phone = useIsPhone()
  const chosen = id ?? (phone ? undefined : rows[0]?.id)
  return (
    <div className={id ? 'app dc one' : 'app dc'}>
      <aside className="lst" aria-label={m.documents.list}>
        <header>
          <h1>{m.documents.title}</h1>
          {can(me, 'document.edit') && (
            <button type="button" className="btn s" onClick={() => setCreating(true)}>
              <Icon name="plus" />
              {m.documents.new}
            </button>
          )}
        </header>
        <div className="pane">
          <Loaded query={query}>
            {({ items }) =>
              items.length === 0 ? (
                <State kind="empty" title={m.documents.none}>
                  {m.documents.noneHint}
                </State>
              ) : (
                <ol>
                  {items.map(d => (
                    <li key={d.id}>
                      <Link
                        to="/documents/$id"
                        params={{ id: d.id }}
                        search={{}}
                        className={d.id === chosen ? 'on' : ''}
                        aria-current={d.id === chosen ? 'true' : undefined}
                        activeProps={{}}
                      >
                        <span className="b">{d.title}</span>
                        <span className="sm t3">
                          {d.state === 'draft'
                            ? m.documents.draftLine({ n: d.draft_no, t: shortTime(d.as_of, me.today) })
                            : `${d.number ?? ''}${d.issued_at ? m.common.sep + shortDay(dayOf(d.issued_at), me.today) : ''}`}
                        </span>
                        <span className="row sm">
                          <DocumentStatus state={d.state} />
                          <span className="grow" />
                          {d.state !== 'draft' &&
                            (d.differences > 0 ? (
                              <span className="dif">{m.documents.differencesN({ n: d.differences })}</span>
                            ) : (
                              <span className="t3">{m.documents.noDifference}</span>
                            ))}
                        </span>
                      </Link>
                    </li>
                  ))}
                </ol>
              )
            }
          </Loaded>
        </div>
      </aside>
      <section className="pane dmain">
        {chosen ? <Detail id={chosen} key={chosen} /> : rows.length > 0 && <State kind="empty" title={m.documents.pick} />}
      </section>
      {creating && <NewDialog templates={rows} onClose={() => setCreating(false)} />}
    </div>
  )
}

function NewDialog({ templates, onClose }: { templates: DocumentRow[]; onClose: () => void }) {
  const { m } = useI18n()
  const me = useMe()
  const scope = useScope()
  const client = useQueryClient()
  const navigate = useNavigate()
  const problem = useProblemText()
  const kinds = useMemo(() => [...new Set(['annual-summary', ...templates.map(t => t.template)])], [templates])
  const [template, setTemplate] = useState(kinds[0]!)
  const [unit, setUnit] = useState<number | undefined>(scope.unit)
  const [period, setPeriod] = useState(scope.period)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState('')
  const create = async () => {
    setBusy(true)
    try {
      const d = await send<Document>('POST', '/documents', { template, unit, period })
      await client.invalidateQueries({ queryKey: ['documents'] })
      onClose()
      await navigate({ to: '/documents/$id', params: { id: d.id }, search: {} })
    } catch (e) {
      setError(problem(e))
      setBusy(false)
    }
  }
  return (
    <Dialog
      title={m.documents.newTitle}
      onClose={onClose}
      onSubmit={() => void create()}
      submit={m.documents.create}
      busy={busy}
      error={error && <ErrorBox>{error}</ErrorBox>}
    >
      {kinds.length > 1 && (
        <FieldBox label={m.documents.template}>
          {a => (
            <select id={a.id} className="input" value={template} onChange={e => setTemplate(e.target.value)}>
              {kinds.map(k => (
                <option key={k} value={k}>
                  {k === 'annual-summary' ? m.documents.annual : (templates.find(t => t.template === k)?.title ?? k)}
                </option>
              ))}
            </select>
          )}
        </FieldBox>
      )}
      <FieldBox label={m.common.unit}>{a => <UnitSelect id={a.id} label={m.common.unit} value={unit} onChange={setUnit} />}</FieldBox>
      <div className="field">
        <span className="label">{m.common.period}</span>
        <PeriodGrid value={period} today={me.today} onPick={setPeriod} />
      </div>
    </Dialog>
  )
}

function Detail({ id }: { id: string }) {
  const { m } = useI18n()
  const [search, set] = useUrl()
  const query = useQuery({
    queryKey: ['document', id],
    queryFn: ({ signal }) => get<Document>(`/documents/${id}`, {}, signal),
    refetchInterval: q => (q.state.data?.state === 'issuing' ? 1500 : false),
  })
  const differences = useQuery({
    queryKey: ['differences', id],
    queryFn: ({ signal }) => get<{ items: Difference[]; same: number }>(`/documents/${id}/differences`, {}, signal),
    enabled: query.data?.state === 'issued',
  })
  useTitle(query.data ? m.documents.page({ title: query.data.title }) : m.documents.title)
  useHotkeys({ escape: () => set({ n: undefined }, { replace: true }) }, !!search.n)
  return (
    <Loaded query={query} rows={8}>
      {doc => {
        const figure = doc.cited.find(f => f.n === search.n)
        return (
          <>
            <Head doc={doc} />
            {doc.state === 'issued' && <Loaded query={differences}>{d => <Differences items={d.items} same={d.same} />}</Loaded>}
            <section className="mt5">
              <h2>{m.documents.text}</h2>
              {(differences.data?.items.length ?? 0) > 0 && <p className="sm t3">{m.documents.legend}</p>}
              <div className="dpaper">
                <Paper
                  doc={doc}
                  selected={figure?.n}
                  changed={new Set(differences.data?.items.map(d => d.n))}
                  onOpen={n => set({ n, fig: undefined }, { replace: true })}
                />
              </div>
            </section>
            {figure && !search.fig && (
              <FigurePanel
                className="panel over"
                figureKey={figure.key}
                unit={figure.unit.id}
                period={figure.period}
                onClose={() => set({ n: undefined }, { replace: true })}
                nth={
                  <Link to="/f/$document/$n" params={{ document: doc.id, n: String(figure.n) }} search={{}}>
                    {m.source.in({ n: figure.n })}
                  </Link>
                }
              />
            )}
          </>
        )
      }}
    </Loaded>
  )
}

function Head({ doc }: { doc: Document }) {
  const { m, lang } = useI18n()
  return (
    <header className="dh">
      <div className="grow">
        <Link to="/documents" search={{}} className="only-phone">
          {m.documents.list}
        </Link>
        <div className="row">
          <DocumentStatus state={doc.state} />
          <span className="t3">{doc.number ?? m.summary.draftNo({ n: doc.draft_no })}</span>
        </div>
        <h1>{doc.title}</h1>
        <p className="t2">
          {doc.issued_at && doc.issued_by && `${m.documents.issuedBy({ who: doc.issued_by, t: longTime(doc.issued_at, lang) })}　`}
          {m.summary.dataAsOf} {longTime(doc.as_of, lang)}
          {doc.file_sha && (
            <>
              　{m.documents.fileDigest} <code title={doc.file_sha}>{shortDigest(doc.file_sha)}</code>
            </>
          )}
        </p>
      </div>
      {doc.state === 'draft' && (
        <Link className="btn" to="/" search={{ unit: doc.unit.id, period: doc.period }}>
          {m.documents.openDraft}
        </Link>
      )}
      {doc.state !== 'issuing' && (
        <a className="btn" href={url(`/documents/${doc.id}/file`)} download>
          <Icon name="download" />
          {doc.state === 'issued' ? m.documents.downloadIssued : m.documents.downloadDraft}
        </a>
      )}
      {doc.state === 'issuing' && (
        <span className="t2" role="status">
          {m.summary.issuing}…
        </span>
      )}
    </header>
  )
}

function Differences({ items, same }: { items: Difference[]; same: number }) {
  const { m, l, lang } = useI18n()
  const [, set] = useUrl()
  if (!items.length)
    return (
      <p className="sumline calm">
        <b>{m.documents.allSame}</b>
        <span className="t2">{m.documents.all({ n: same })}</span>
      </p>
    )
  return (
    <>
      <div className="sumline">
        <span>
          <b className="big">{items.length}</b> {m.documents.changed}
        </span>
        <span className="t2">{m.documents.same({ n: same })}</span>
        <span className="t2">{m.documents.all({ n: same + items.length })}</span>
        <span className="grow" />
        <span className="t3">{m.documents.frozen}</span>
      </div>
      <div className="tscroll">
        <table className="df">
          <thead>
            <tr>
              <th>{m.documents.figure}</th>
              <th className="num">{m.documents.issued}</th>
              <th className="num">{m.documents.now}</th>
              <th className="num">{m.documents.diff}</th>
              <th>{m.documents.record}</th>
              <th>{m.documents.change}</th>
              <th>{m.documents.who}</th>
              <th>{m.documents.why}</th>
            </tr>
          </thead>
          {items.map(d => {
            const span = Math.max(d.records.length, 1)
            const lead = (
              <>
                <td rowSpan={span}>
                  <button type="button" className="fig b" onClick={() => set({ n: d.n, fig: undefined }, { replace: true })}>
                    {l(d.title)}
                  </button>
                  <br />
                  <span className="sm t3">{m.source.in({ n: d.n })}</span>
                </td>
                <td className="num" data-l={m.documents.issued} rowSpan={span}>
                  {d.issued.display}
                </td>
                <td className="num b" data-l={m.documents.now} rowSpan={span}>
                  {d.now.display}
                </td>
                <td className="num" data-l={m.documents.diff} rowSpan={span}>
                  <b>{d.delta_text ? d.delta_text.replace('-', '−') : d.delta === null ? '' : signed(d.delta, 0, lang)}</b>
                </td>
              </>
            )
            return (
              <tbody key={d.n}>
                {d.records.length === 0 && (
                  <tr>
                    {lead}
                    <td colSpan={4} className="t3">
                      {m.documents.outside({ n: d.outside })}
                    </td>
                  </tr>
                )}
                {d.records.map((r, i) => (
                  <tr key={(r.entry || r.title) + i}>
                    {i === 0 && lead}
                    <td>
                      {r.entry ? (
                        <>
                          <Link className="nw" to={r.place ? '/points/$id' : '/entry/$id'} params={{ id: r.entry }} search={{}}>
                            {r.number}
                          </Link>
                          <br />
                          <span className="sm t2">
                            {r.title}
                            {m.common.paren({ t: r.unit })}
                          </span>
                        </>
                      ) : (
                        r.title
                      )}
                    </td>
                    <td className="nw">
                      {r.change === 'changed' && (r.old || r.new) ? (
                        <>
                          <span className="old">{r.old || '—'}</span> → <b>{r.new || '—'}</b>
                        </>
                      ) : r.change === 'removed' ? (
                        m.documents.removed
                      ) : (
                        m.documents.added
                      )}
                    </td>
                    <td>
                      {r.by && (
                        <>
                          <span className="nw">
                            {r.by} {r.op ? ((r.place ? m.places.steps : (m.entry.ops as { [op: string]: string }))[r.op] ?? r.op) : ''}
                          </span>
                          <br />
                          <span className="sm t3 nw">{tableTime(r.at)}</span>
                        </>
                      )}
                    </td>
                    <td className="wy">
                      {r.reason ?? ''}
                      {i === d.records.length - 1 && d.outside > 0 && (
                        <span className="sm t3">
                          <br />
                          {m.documents.outside({ n: d.outside })}
                        </span>
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            )
          })}
        </table>
      </div>
    </>
  )
}
