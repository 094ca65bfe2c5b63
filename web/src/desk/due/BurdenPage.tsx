import { useQuery } from '@tanstack/react-query'
import { get } from '../../api/client'
import { fixed, int } from '../../shared/format'
import { PhoneScope } from '../ui/Scope'
import { Loaded, State } from '../ui/States'
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
                  <table className="table">
                    <thead>
                      <tr>
                        <th>{m.burden.role}</th>
                        <th className="num">{m.burden.people}</th>
                        <th className="num">{m.burden.typed}</th>
                        <th className="num">{m.burden.imported}</th>
                        <th className="num">{m.burden.fields}</th>
                        <th className="num">{m.burden.minutes}</th>
                        <th className="num">{m.burden.perPerson}</th>
                      </tr>
                    </thead>
                    <tbody>
                      {b.roles.map(r => (
                        <tr key={r.role}>
                          <th scope="row">{l(r.title)}</th>
                          <td className="num">{int(r.people, lang)}</td>
                          <td className="num">{int(r.entries, lang)}</td>
                          <td className="num">{int(r.imported, lang)}</td>
                          <td className="num">{int(r.fields, lang)}</td>
                          <td className="num">{minutes(r.seconds)}</td>
                          <td className="num">
                            <b>{r.people > 0 ? minutes(r.seconds / r.people / b.weeks) : '—'}</b>
                          </td>
                        </tr>
                      ))}
                    </tbody>
                  </table>
                </div>
              ) : (
                <State kind="empty" title={m.burden.none} />
              )}
            </section>
            <section>
              <h2>{m.burden.byKind}</h2>
              <div className="due-grid">
                <table className="table">
                  <thead>
                    <tr>
                      <th>{m.common.kind}</th>
                      <th className="num">{m.burden.asked}</th>
                      <th className="num">{m.burden.required}</th>
                      <th>{m.burden.every}</th>
                      <th className="num">{m.burden.perYear}</th>
                      <th className="num">{m.burden.typed}</th>
                      <th className="num">{m.burden.imported}</th>
                      <th className="num">{m.burden.perRecord}</th>
                    </tr>
                  </thead>
                  <tbody>
                    {b.kinds?.map(k => (
                      <tr key={k.key}>
                        <th scope="row">{l(k.title)}</th>
                        <td className="num">{k.fields}</td>
                        <td className="num">{k.required}</td>
                        <td>{k.every ? m.burden.cycle[k.every] : <span className="faint">{m.burden.cycle['']}</span>}</td>
                        <td className="num">{k.per_year ? int(k.per_year, lang) : <span className="faint">—</span>}</td>
                        <td className="num">{int(k.entries, lang)}</td>
                        <td className="num">{int(k.imported, lang)}</td>
                        <td className="num">{k.entries > 0 ? m.burden.seconds({ n: Math.round(k.seconds / k.entries) }) : <span className="faint">—</span>}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
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
