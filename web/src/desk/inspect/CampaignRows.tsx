import { Link } from '@tanstack/react-router'
import { int, shortDay } from '../../shared/format'
import { Icon } from '../ui/Icon'
import { useMe, useUrl } from '../ui/hooks'
import { State } from '../ui/States'
import { Heads } from '../ui/Table'
import { Locked, Outcome } from './campaign-parts'
import type { Campaign, DrawRow } from './types'
import { useI18n } from './texts'

/** What was drawn, by day and unit; days that are closed say how many. */
export function CampaignRows({ c }: { c: Campaign }) {
  const { m, lang } = useI18n()
  const me = useMe()
  const [search, set] = useUrl() as [{ show?: string }, (p: object, o?: { replace?: boolean }) => void]
  const lists: Record<string, DrawRow[]> = {
    today: c.rows.filter(r => r.day === me.today),
    wrong: c.rows.filter(r => r.failed > 0),
    looks: c.rows.filter(r => r.second),
    all: c.rows,
  }
  const show = search.show && lists[search.show] ? search.show : lists.today!.length > 0 ? 'today' : 'all'
  const rows = lists[show]!
  const closed = c.day_list.filter(d => d.state === 'closed')
  const lapsed = c.day_list.filter(d => d.state === 'lapsed')
  if (c.state === 'draft')
    return (
      <State kind="empty" title={m.campaign.notSealed}>
        {m.campaign.notSealedHint}
      </State>
    )
  const several = show !== 'today' && c.day_list.length > 1
  const days = [...new Set(rows.map(r => r.day))]
  return (
    <section className="campaign-list">
      <div className="row wrap campaign-head">
        <h2>{m.campaign.list}</h2>
        <nav className="tabs" aria-label={m.campaign.list}>
          {['today', 'wrong', 'looks', 'all'].map(key => (
            <button key={key} type="button" aria-current={show === key ? 'page' : undefined} onClick={() => set({ show: key }, { replace: true })}>
              {m.campaign.tabs[key]} {int(lists[key]!.length, lang)}
            </button>
          ))}
        </nav>
        <span className="muted small campaign-hint">{m.campaign.listHint}</span>
      </div>
      {rows.length === 0 && c.rows.length > 0 && <p className="muted gap-3">{m.campaign.nothing}</p>}
      {(rows.length > 0 || closed.length > 0) && (
        <table className="table campaign-drawn">
          {rows.length > 0 && <Heads of={[{ num: m.campaign.rank }, m.campaign.hash, m.campaign.place, m.campaign.street, m.campaign.person, m.campaign.result, { num: m.campaign.wrong }, m.campaign.second_]} />}
          {days.map(day => (
            <tbody key={day}>
              {several && (
                <tr className="campaign-day">
                  <th colSpan={8} scope="rowgroup">
                    {shortDay(day, me.today)}
                  </th>
                </tr>
              )}
              {rows
                .filter(r => r.day === day)
                .map(r => (
                  <Row key={`${r.day} ${r.place}`} r={r} />
                ))}
            </tbody>
          ))}
          {closed.length > 0 && c.state === 'sealed' && (
            <tbody>
              <tr className="campaign-closed">
                <td colSpan={8}>
                  <Locked>{m.campaign.closed({ t: closed.map(d => m.campaign.closedDay({ d: shortDay(d.day, me.today), n: d.quota })).join(m.common.sep) })}</Locked>
                </td>
              </tr>
            </tbody>
          )}
        </table>
      )}
      {lapsed.length > 0 && (
        <p className="row muted">
          <Icon name="warn" />
          {m.campaign.lapsed({ t: lapsed.map(d => shortDay(d.day, me.today)).join(m.common.sep) })}
        </p>
      )}
    </section>
  )
}

function Row({ r }: { r: DrawRow }) {
  const { m, lang } = useI18n()
  return (
    <tr>
      <td className="num muted">{r.rank}</td>
      <td>
        <code title={r.hash}>{r.hash.slice(0, 8)}</code> <span className={r.why === 'surprise' ? 'tag' : 'faint small'}>{m.campaign.why[r.why]}</span>
      </td>
      <td>
        <Link className="title-link" to="/inspect/place" search={{ key: r.place }}>
          {r.name}
        </Link>
      </td>
      <td className="muted">{r.stratum}</td>
      <td className="nowrap">{r.person || (r.given === 'nobody' ? '' : <span className="faint small">{m.campaign.hidden}</span>)}</td>
      <td>
        <Outcome of={r.outcome} reason={r.reason} given={r.given} />
      </td>
      <td className="num">
        {r.visit ? (
          <Link to="/visits/$id" params={{ id: r.visit }} search={{}}>
            {int(r.failed, lang)}
          </Link>
        ) : null}
      </td>
      <td className="nowrap">
        {r.again ? (
          <Link to="/visits/$id" params={{ id: r.again }} search={{}}>
            {r.second}
          </Link>
        ) : (
          r.second
        )}
      </td>
    </tr>
  )
}
