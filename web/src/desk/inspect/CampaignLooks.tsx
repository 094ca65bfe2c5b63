import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { get } from '../../api/client'
import { int } from '../../shared/format'
import { Heads } from '../ui/Table'
import type { Campaign, LooksOf } from './types'
import { useI18n } from './texts'

const percent = (mille: number) => `${(mille / 10).toFixed(1)}%`

/** How first and second looks differ, for those who calibrate inspectors: by name, never ranked. */
export function CampaignLooks({ c }: { c: Campaign }) {
  const { m, l, lang } = useI18n()
  const { data: d } = useQuery({ queryKey: ['campaign-looks', c.id], queryFn: ({ signal }) => get('/campaigns/{id}/looks', { id: c.id }, signal), enabled: c.opened > 0 })
  if (!d || (d.persons.length === 0 && d.pairs.length === 0)) return null
  const items = d.items.filter(i => i.differ > 0)
  return (
    <div className="campaign-judge">
      {d.persons.length > 0 && <Persons d={d} />}
      <section>
        <h2>
          {m.campaign.lookTitle} <span className="muted small">{m.campaign.lookHint}</span>
        </h2>
        {d.pairs.length === 0 ? (
          <p className="muted">{m.campaign.lookNone}</p>
        ) : (
          <table className="table">
            <Heads of={[m.campaign.place, m.campaign.first, m.campaign.again, { num: m.campaign.differ }]} />
            <tbody>
              {d.pairs.map(p => (
                <tr key={p.place}>
                  <td>{p.name}</td>
                  <td>
                    <Link to="/visits/$id" params={{ id: p.visit }} search={{}}>
                      {p.first}
                    </Link>
                  </td>
                  <td>
                    <Link to="/visits/$id" params={{ id: p.again }} search={{}}>
                      {p.second}
                    </Link>
                  </td>
                  <td className="num">
                    <b>{int(p.differ, lang)}</b> <span className="muted">/ {int(p.n, lang)}</span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        {items.length > 0 && (
          <>
            <h3>{m.campaign.byItem}</h3>
            <ul className="campaign-never">
              {items.map(i => (
                <li key={i.item}>
                  {l(i.title)}{' '}
                  <span className="muted">
                    {int(i.differ, lang)} / {int(i.n, lang)}
                  </span>
                </li>
              ))}
            </ul>
          </>
        )}
      </section>
    </div>
  )
}

/** Dots with intervals on one scale that ends at the widest. */
function Persons({ d }: { d: LooksOf }) {
  const { m, lang } = useI18n()
  const most = Math.max(...d.persons.map(p => p.high), d.mean, 50)
  const x = (mille: number) => `${(mille / most) * 100}%`
  return (
    <section>
      <h2>
        {m.campaign.persons} <span className="muted small">{m.campaign.personsHint({ t: percent(d.mean) })}</span>
      </h2>
      <table className="campaign-persons">
        <tbody>
          {d.persons.map(p => {
            const rate = p.n > 0 ? Math.round((p.failed / p.n) * 1000) : 0
            return (
              <tr key={p.name}>
                <th scope="row">{p.name}</th>
                <td className="num muted nowrap">
                  {int(p.failed, lang)} / {int(p.n, lang)}
                </td>
                <td className="campaign-scale" aria-hidden="true">
                  <span className="campaign-mean" style={{ left: x(d.mean) }} />
                  <span className="campaign-span" style={{ left: x(p.low), width: x(p.high - p.low) }} />
                  <span className="campaign-dot" style={{ left: x(rate) }} />
                </td>
                <td className="num nowrap">{percent(rate)}</td>
                <td className="muted small nowrap">
                  {percent(p.low)} – {percent(p.high)}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
      <p className="muted small">{m.campaign.personsFoot}</p>
    </section>
  )
}
