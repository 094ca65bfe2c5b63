import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { get, url } from '../../api/client'
import { int, shortDay, tableTime } from '../../shared/format'
import { PhoneScope } from '../ui/Scope'
import { Loaded, State } from '../ui/States'
import { StatusMark } from '../ui/StatusMark'
import { Heads } from '../ui/Table'
import { can, useMe, useScope, useTitle } from '../ui/hooks'
import { useI18n } from './texts'
import './rectify.css'
import './looks.css'

/** What was handed over to enforcement: first what has no answer, then what came back. */
export default function TransfersPage() {
  const { m, l, lang } = useI18n()
  useTitle(m.transfers.title)
  const me = useMe()
  const { unit } = useScope()
  const query = useQuery({ queryKey: ['cases', 'transfers', unit], queryFn: ({ signal }) => get('/transfers', { unit }, signal) })
  return (
    <div className="page case-page">
      <PhoneScope period={false} />
      <h1 className="unseen">{m.transfers.title}</h1>
      <Loaded query={query} rows={6}>
        {d =>
          d.items.length === 0 ? (
            <State kind="empty" title={m.transfers.none}>
              {m.transfers.noneHint}
            </State>
          ) : (
            <>
              <p className="strong" data-testid="transfers-rate">
                {m.transfers.rates({ all: d.items.length, done: d.items.filter(x => x.result).length })}
              </p>
              <div className="case-scroll">
                <table className="table case-handed">
                  <Heads of={[m.cases.no, m.cases.problem, m.cases.place, m.cases.party, m.transfers.handed, m.transfers.result, m.transfers.file]} />
                  <tbody>
                    {d.items.map(x => (
                      <tr key={`${x.id}${x.at}`}>
                        <td className="nowrap">
                          <Link to="/cases/$id" params={{ id: x.id }} search={{}}>
                            {x.no}
                          </Link>
                        </td>
                        <td>
                          <Link className="title-link" to="/cases/$id" params={{ id: x.id }} search={{}}>
                            {l(x.title)}
                          </Link>
                        </td>
                        <td>{x.place_name}</td>
                        <td className="muted">{x.party?.name ?? m.cases.noParty}</td>
                        <td className="nowrap">
                          {shortDay(tableTime(x.at).slice(0, 10), me.today)} <span className="muted">{x.by || m.cases.system}</span>
                        </td>
                        <td>
                          {x.result ? (
                            <StatusMark mark="ok">{m.cases.resultSays({ no: x.result.no, d: m.cases.decisions[x.result.decision] ?? '', a: x.result.amount > 0 ? int(x.result.amount, lang) : '', day: x.result.day })}</StatusMark>
                          ) : x.back ? (
                            <StatusMark mark="back">{m.transfers.back}</StatusMark>
                          ) : (
                            <>
                              <StatusMark mark={x.late > 0 ? 'late' : 'wait'}>{m.transfers.waiting}</StatusMark> <span className="muted">{m.transfers.since({ n: x.since })}</span>
                            </>
                          )}
                        </td>
                        <td className="nowrap">
                          {can(me, 'rectify.transfer') && (
                            <a href={url(`/cases/${x.id}/transfer-file`)} download>
                              {m.cases.paperFile}
                            </a>
                          )}
                        </td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
            </>
          )
        }
      </Loaded>
    </div>
  )
}
