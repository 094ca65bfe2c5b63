import { useQuery } from '@tanstack/react-query'
import { get } from '../../api/client'
import { fixed, int } from '../../shared/format'
import { PhoneScope } from '../ui/Scope'
import { Loaded, State } from '../ui/States'
import { Table } from '../ui/Table'
import { useScope, useTitle } from '../ui/hooks'
import { useI18n } from './texts'
import './due.css'


/** What the district asks of its people, so that it can ask for less. */
export default function BurdenPage() {
  const { m, l, lang } = useI18n()
  useTitle(m.burden.title)
  const { period } = useScope()
  const query = useQuery({ queryKey: ['burden', period], queryFn: ({ signal }) => get('/burden', { period }, signal) })
  const minutes = (s: number) => fixed(Math.round(s / 6), 1, lang)
  return (
    <div className="page burden">
      <header>
        <h1>{m.burden.title}</h1>
      </header>
      <p className="muted intro">{m.burden.intro}</p>
      <PhoneScope unit={false} />
      <Loaded query={query} rows={8}>
        {b => (
          <>
            <section>
              <h2>{m.burden.byRole({ weeks: b.weeks })}</h2>
              {b.roles?.length ? (
                <div className="due-grid">
                  <Table
                    rows={b.roles}
                    id={r => r.role}
                    columns={[
                      { title: m.burden.role, head: true, cell: r => l(r.title) },
                      { title: m.burden.people, num: true, cell: r => int(r.people, lang) },
                      { title: m.burden.typed, num: true, cell: r => int(r.entries, lang) },
                      { title: m.burden.imported, num: true, cell: r => int(r.imported, lang) },
                      { title: m.burden.fields, num: true, cell: r => int(r.fields, lang) },
                      { title: m.burden.minutes, num: true, cell: r => minutes(r.seconds) },
                      { title: m.burden.perPerson, num: true, cell: r => <b>{r.people > 0 ? minutes(r.seconds / r.people / b.weeks) : '—'}</b> },
                    ]}
                  />
                </div>
              ) : (
                <State kind="empty" title={m.burden.none} />
              )}
            </section>
            <section>
              <h2>{m.burden.byKind}</h2>
              <div className="due-grid">
                <Table
                  rows={b.kinds}
                  id={k => k.key}
                  columns={[
                    { title: m.common.kind, head: true, cell: k => l(k.title) },
                    { title: m.burden.asked, num: true, cell: k => k.fields },
                    { title: m.burden.required, num: true, cell: k => k.required },
                    { title: m.burden.every, cell: k => (k.every ? m.burden.cycle[k.every] : <span className="faint">{m.burden.cycle['']}</span>) },
                    { title: m.burden.perYear, num: true, cell: k => (k.per_year ? int(k.per_year, lang) : <span className="faint">—</span>) },
                    { title: m.burden.typed, num: true, cell: k => int(k.entries, lang) },
                    { title: m.burden.imported, num: true, cell: k => int(k.imported, lang) },
                    { title: m.burden.perRecord, num: true, cell: k => (k.entries > 0 ? m.burden.seconds({ n: Math.round(k.seconds / k.entries) }) : <span className="faint">—</span>) },
                  ]}
                />
              </div>
            </section>
            {!!b.twice?.length && (
              <section>
                <h2>{m.burden.twice}</h2>
                <p className="muted">{m.burden.twiceHint}</p>
                <ul className="twice">
                  {b.twice.map(t => (
                    <li key={t.title.zh}>
                      <b>{l(t.title)}</b>
                      <span className="muted">{t.kinds?.map(k => l(k)).join(m.common.sep)}</span>
                    </li>
                  ))}
                </ul>
              </section>
            )}
          </>
        )}
      </Loaded>
    </div>
  )
}
