import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { get } from '../../api/client'
import { int, shortDay } from '../../shared/format'
import { Icon } from '../ui/Icon'
import { Loaded, State } from '../ui/States'
import { Heads } from '../ui/Table'
import { Verbs } from '../ui/Verbs'
import { can, useMe, useTitle } from '../ui/hooks'
import { CampaignDialog } from './CampaignDialog'
import { CampaignState } from './campaign-parts'
import { useI18n } from './texts'
import './inspect.css'
import './campaign.css'

/** Campaigns of inspections, the latest first. */
export default function CampaignsPage() {
  const { m, l, lang } = useI18n()
  useTitle(m.campaign.title)
  const me = useMe()
  const [adding, setAdding] = useState(false)
  const query = useQuery({ queryKey: ['campaigns'], queryFn: ({ signal }) => get('/campaigns', { size: 200 }, signal) })
  const plans = can(me, 'inspect.plan')
  return (
    <div className="page campaign-page">
      <h1 className="unseen">{m.campaign.title}</h1>
      <Verbs>
        {plans && (
          <button type="button" className="btn primary" onClick={() => setAdding(true)}>
            <Icon name="plus" />
            {m.campaign.add}
          </button>
        )}
      </Verbs>
      <Loaded query={query} rows={6}>
        {d =>
          d.items.length === 0 ? (
            <State kind="empty" title={m.campaign.none}>
              {plans ? m.campaign.noneHint : m.campaign.noneRead}
            </State>
          ) : (
            <table className="table campaign-table">
              <Heads of={[m.campaign.no_, m.campaign.name, m.campaign.form, m.campaign.days, m.common.state, { num: m.campaign.quota }, { num: m.campaign.drawn }, { num: m.campaign.done }, { num: m.campaign.missed }]} />
              <tbody>
                {d.items.map(c => (
                  <tr key={c.id}>
                    <td className="nowrap">
                      <Link to="/campaigns/$id" params={{ id: c.id }} search={{}}>
                        {c.no}
                      </Link>
                    </td>
                    <td>
                      <Link className="title-link" to="/campaigns/$id" params={{ id: c.id }} search={{}}>
                        {c.title}
                      </Link>
                      <span className="muted small"> {c.unit.name}</span>
                    </td>
                    <td className="muted">{l(c.form)}</td>
                    <td className="nowrap">{m.campaign.dates({ a: shortDay(c.first, me.today), b: shortDay(c.last, me.today) })}</td>
                    <td className="nowrap">
                      <CampaignState c={c} />
                    </td>
                    <td className="num">{int(c.quota, lang)}</td>
                    <td className="num">{int(c.drawn, lang)}</td>
                    <td className="num">{int(c.done, lang)}</td>
                    <td className="num">{int(c.missed, lang)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )
        }
      </Loaded>
      {adding && <CampaignDialog onClose={() => setAdding(false)} />}
    </div>
  )
}
