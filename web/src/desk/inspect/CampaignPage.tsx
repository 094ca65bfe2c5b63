import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { get } from '../../api/client'
import { int, shortDay } from '../../shared/format'
import { Loaded } from '../ui/States'
import { Verbs, Where } from '../ui/Verbs'
import { can, useMe, useTitle } from '../ui/hooks'
import { CampaignAct, type Act } from './CampaignActs'
import { CampaignDialog } from './CampaignDialog'
import { CampaignHow } from './CampaignHow'
import { CampaignLooks } from './CampaignLooks'
import { CampaignRows } from './CampaignRows'
import { CampaignState } from './campaign-parts'
import type { Campaign } from './types'
import { useI18n } from './texts'
import './inspect.css'
import './campaign.css'

export default function CampaignPage() {
  const { id = '' } = useParams({ strict: false }) as { id?: string }
  const { m } = useI18n()
  const query = useQuery({ queryKey: ['campaign', id], queryFn: ({ signal }) => get('/campaigns/{id}', { id }, signal) })
  useTitle(query.data ? `${query.data.no} ${query.data.title}` : m.campaign.title)
  return (
    <div className="page campaign-page">
      <Loaded query={query} rows={10}>
        {c => <Body c={c} />}
      </Loaded>
    </div>
  )
}

function Body({ c }: { c: Campaign }) {
  const { m, l, lang } = useI18n()
  const me = useMe()
  const [act, setAct] = useState<Act | 'edit' | null>(null)
  const term = (title: string, value: number, more?: string) => (
    <span className="campaign-term">
      {title} <b>{int(value, lang)}</b> {more && <span className="muted">{more}</span>}
    </span>
  )
  return (
    <>
      <Where>{c.no}</Where>
      <Verbs>
        {c.may_plan && c.state === 'draft' && (
          <button type="button" className="btn" onClick={() => setAct('edit')}>
            {m.campaign.edit}
          </button>
        )}
        {c.may_plan && c.last >= me.today && (
          <button type="button" className="btn" onClick={() => setAct('stop')}>
            {m.campaign.stop}
          </button>
        )}
        {c.may_plan && c.state === 'sealed' && !c.words && c.opened === 0 && c.last >= me.today && (
          <button type="button" className="btn primary" onClick={() => setAct('words')}>
            {m.campaign.words}
          </button>
        )}
        {c.may_plan && c.state === 'draft' && (
          <button type="button" className="btn primary" onClick={() => setAct('seal')}>
            {m.campaign.seal}
          </button>
        )}
      </Verbs>
      <div className="campaign-two">
        <div className="campaign-main">
          <p className="row wrap campaign-marks">
            <CampaignState c={c} />
            <span className="muted">
              {c.no} {l(c.kind_title)} {c.unit.name} {l(c.form)}
            </span>
            {c.task && <span className="muted">{c.task}</span>}
            <span className="muted">{c.day_list.map(d => shortDay(d.day, me.today)).join(m.common.sep)}</span>
          </p>
          <h1>{c.title}</h1>
          {c.reason && <p className="muted">{`${m.campaign.stopped}${m.common.colon}${c.reason}`}</p>}
          {c.state !== 'draft' && (
            <p className="campaign-terms">
              {term(m.campaign.places, c.places)}
              {term(m.campaign.drawn, c.drawn, c.places > 0 ? `${((c.drawn / c.places) * 100).toFixed(1)}%` : undefined)}
              {term(m.campaign.done, c.done, `/ ${int(c.drawn, lang)}`)}
              {c.missed > 0 && term(m.campaign.missed, c.missed)}
              {term(m.campaign.problems, c.failed, m.campaign.items({ a: c.items, b: c.items > 0 ? Math.round((c.failed / c.items) * 1000) : 0 }))}
              {term(m.campaign.cases, c.cases, m.campaign.casesUnit)}
              {c.second > 0 && term(m.campaign.looks, c.looks, m.campaign.looksOf({ n: c.looks_all }))}
            </p>
          )}
          {c.mine > 0 && can(me, 'inspect.visit') && (
            <p className="hint row wrap">
              {m.campaign.mine({ n: c.mine })}
              <Link to="/inspect" search={{}}>
                {m.campaign.goToday}
              </Link>
            </p>
          )}
          <CampaignRows c={c} />
          {c.may_judge && <CampaignLooks c={c} />}
        </div>
        <aside className="campaign-side">
          <CampaignHow c={c} />
        </aside>
      </div>
      {act === 'edit' && <CampaignDialog c={c} onClose={() => setAct(null)} />}
      {act && act !== 'edit' && <CampaignAct key={act} c={c} act={act} onClose={() => setAct(null)} />}
    </>
  )
}
