import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { get, url } from '../../api/client'
import { Loaded } from '../ui/States'
import { StatusMark } from '../ui/StatusMark'
import { Verbs } from '../ui/Verbs'
import { useTitle, useUrl } from '../ui/hooks'
import { VisitResult } from './parts'
import { useI18n } from './texts'
import './inspect.css'

/** A place: what is open there, and its last visits. */
export default function SpotPage() {
  const { m, l } = useI18n()
  const [search] = useUrl() as [{ key?: string }, unknown]
  const key = search.key ?? ''
  const query = useQuery({ queryKey: ['inspect-place', key], queryFn: ({ signal }) => get('/inspect-place', { key }, signal), enabled: !!key })
  useTitle(query.data?.name)
  return (
    <div className="page inspect-page">
      <Loaded query={query} rows={6}>
        {s => (
          <>
            <Verbs>
              {s.may &&
                s.forms.map(f => (
                  <a key={f.key} className="btn no-phone" href={url('/inspect-paper', { key: s.key, form: f.key })} download>
                    {s.forms.length > 1 ? `${m.inspect.paperOut} ${l(f.title)}` : m.inspect.paperOut}
                  </a>
                ))}
              {s.may && s.forms.length > 0 && (
                <Link className="btn primary" to="/inspect/check" search={{ key: s.key }}>
                  {m.inspect.check}
                </Link>
              )}
            </Verbs>
            <h1>{s.name}</h1>
            <p className="muted">{[s.unit.path.replace(/\//g, ' / '), s.party ? m.check.answers({ t: s.party.name }) : ''].filter(Boolean).join(m.common.sep)}</p>
            <section className="gap-5">
              <h2>{m.inspect.openCases}</h2>
              {s.open_cases.length === 0 ? (
                <p className="faint">{m.inspect.noFindings}</p>
              ) : (
                <ul className="inspect-list">
                  {s.open_cases.map(c => (
                    <li key={c.id}>
                      <Link className="grow inspect-name" to="/cases/$id" params={{ id: c.id }} search={{}}>
                        <b>{l(c.title)}</b>
                        <span className="muted small">
                          {c.no} {c.place_name}
                        </span>
                      </Link>
                      {c.late > 0 && <StatusMark mark="late">{m.state.late({ n: c.late })}</StatusMark>}
                    </li>
                  ))}
                </ul>
              )}
            </section>
            <section className="gap-5">
              <h2>{m.inspect.lastVisits}</h2>
              {s.visits.length === 0 ? (
                <p className="faint">{m.inspect.never}</p>
              ) : (
                <ul className="inspect-list">
                  {s.visits.map(v => (
                    <li key={v.id}>
                      <Link className="grow inspect-name" to="/visits/$id" params={{ id: v.id }} search={{}}>
                        <b>{v.day}</b>
                        <span className="muted small">
                          {l(v.title)} {v.by}
                        </span>
                      </Link>
                      <VisitResult v={v} />
                    </li>
                  ))}
                </ul>
              )}
            </section>
          </>
        )}
      </Loaded>
    </div>
  )
}
