import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { get, send } from '../../api/client'
import { periodName, shortDay } from '../../shared/format'
import { Icon } from '../ui/Icon'
import { PhoneScope } from '../ui/Scope'
import { Loaded, State } from '../ui/States'
import { useAct } from '../ui/useAct'
import { useMe, useScope, useTitle } from '../ui/hooks'
import { MeetingState, PaperLink } from './parts'
import { useI18n } from './texts'
import './dispatch.css'

/** The months of a year, the newest first, with their bulletins and meetings. */
export default function BulletinsPage() {
  const { m, lang } = useI18n()
  useTitle(m.dis.bulletins)
  const me = useMe()
  const client = useQueryClient()
  const navigate = useNavigate()
  const { unit, period } = useScope()
  const { busy, act } = useAct()
  const q = { unit, year: Number(period.slice(0, 4)) }
  const query = useQuery({ queryKey: ['bulletins', q], queryFn: ({ signal }) => get('/bulletins', q, signal), placeholderData: keepPreviousData })
  const draft = (month: string) =>
    void act(async () => {
      const p = await send('post', '/bulletins', {}, { unit: query.data!.unit.id, month })
      void client.invalidateQueries({ predicate: x => ['bulletins', 'documents'].includes(String(x.queryKey[0])) })
      await navigate({ to: '/documents/$id', params: { id: p.id }, search: {} })
    })
  return (
    <div className="page dis-page">
      <PhoneScope />
      <Loaded query={query} rows={8}>
        {d => (
          <>
            <h1>{m.dis.ofUnit({ u: d.unit.name, y: d.year })}</h1>
            <p className="muted dis-lead">{m.dis.bulletinHint}</p>
            {d.months.length === 0 ? (
              <State kind="empty" title={m.dis.noMonths} />
            ) : (
              <ol className="dis-months">
                {d.months.map(x => (
                  <li key={x.month}>
                    <h2>{periodName(x.month, lang)}</h2>
                    <div className="dis-papers">
                      {x.papers.map(p => (
                        <PaperLink key={p.id} p={p} />
                      ))}
                      {x.papers.length === 0 && (
                        <span className="row wrap">
                          <span className="faint">{m.dis.bulletinNone}</span>
                          {d.may_draft && (
                            <button type="button" className="btn slim" disabled={busy} onClick={() => draft(x.month)} aria-label={`${m.dis.draft} ${periodName(x.month, lang)}`}>
                              <Icon name="doc" />
                              {m.dis.draft}
                            </button>
                          )}
                        </span>
                      )}
                    </div>
                    <ul className="dis-month-meetings">
                      {x.meetings.map(r => (
                        <li key={r.id}>
                          <Link to="/meetings/$id" params={{ id: r.id }} search={{}}>
                            {shortDay(r.day, me.today)} {r.title}
                          </Link>
                          <MeetingState state={r.state} />
                        </li>
                      ))}
                    </ul>
                  </li>
                ))}
              </ol>
            )}
          </>
        )}
      </Loaded>
    </div>
  )
}
