import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { get } from '../../api/client'
import { shortDay } from '../../shared/format'
import { Find } from '../ui/Field'
import { PhoneScope } from '../ui/Scope'
import { Loaded, NoMatch, State } from '../ui/States'
import { StatusMark } from '../ui/StatusMark'
import { can, useMe, useScope, useTitle, useUrl } from '../ui/hooks'
import { Today } from './Today'
import { useI18n } from './texts'
import './inspect.css'
import './campaign.css'

/** What can be inspected: never inspected first, then longest ago. */
export default function PlacesPage() {
  const { m } = useI18n()
  useTitle(m.inspect.go)
  const me = useMe()
  const { unit } = useScope()
  const [search, set] = useUrl()
  const q = { unit, q: search.q, size: 120 }
  const query = useQuery({ queryKey: ['inspect-places', q], queryFn: ({ signal }) => get('/inspect-places', q, signal), placeholderData: keepPreviousData })
  return (
    <div className="page inspect-page">
      <h1 className="unseen">{m.inspect.go}</h1>
      {can(me, 'inspect.visit') && (
        <p className="only-phone">
          <a className="btn primary big-tap" href="/m/">
            {m.inspect.offline}
          </a>
        </p>
      )}
      <Today />
      <PhoneScope period={false} />
      <div className="row wrap gap-3">
        <Find label={m.inspect.search} value={search.q ?? ''} onChange={x => set({ q: x || undefined }, { replace: true })} />
        <span className="muted">{m.inspect.placesLead}</span>
      </div>
      <Loaded query={query} rows={8}>
        {d =>
          d.items.length === 0 ? (
            search.q ? (
              <NoMatch onClear={() => set({ q: undefined })} />
            ) : (
              <State kind="empty" title={m.inspect.none}>
                {m.inspect.noneHint}
              </State>
            )
          ) : (
            <ul className="inspect-list gap-3">
              {d.items.map(x => (
                <li key={x.key}>
                  <Link className="grow inspect-name" to="/inspect/place" search={{ key: x.key }}>
                    <b>{x.name}</b>
                    <span className="muted small">{x.unit.path.replace(/\//g, ' / ')}</span>
                  </Link>
                  <span className="inspect-last">
                    {x.open > 0 && <StatusMark mark="late">{m.inspect.openN({ n: x.open })}</StatusMark>}
                    <span className="muted small">{x.last ? `${shortDay(x.last, me.today)} ${m.inspect.lastWrong({ n: x.last_wrong })}` : m.inspect.never}</span>
                  </span>
                  {can(me, 'inspect.visit') && (
                    <Link className="btn" to="/inspect/check" search={{ key: x.key }}>
                      {m.inspect.check}
                    </Link>
                  )}
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </div>
  )
}
