import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { get, type Answer } from '../../api/client'
import { fit, project } from '../../shared/map/project'
import { LongList } from '../ui/LongList'
import { Loaded, State } from '../ui/States'
import { useI18n } from './texts'
import './board.css'

type MapData = Answer<'/case-map'>
const [WIDE, HIGH] = [860, 620]

/** Where cases are open: the district's own outlines, a mark for each place, and the list beside it that says the same. */
export function CaseMap({ q }: { q: { unit: number; state: 'sent' | undefined; age: 'in' | undefined; q: string | undefined } }) {
  const { m } = useI18n()
  const query = useQuery({ queryKey: ['cases', 'map', q], queryFn: ({ signal }) => get('/case-map', q, signal), placeholderData: keepPreviousData })
  return (
    <Loaded query={query} rows={8}>
      {d =>
        d.spots.length === 0 ? (
          <State kind="empty" title={m.cases.mapNone}>
            {''}
          </State>
        ) : (
          <Body d={d} />
        )
      }
    </Loaded>
  )
}

function Body({ d }: { d: MapData }) {
  const { m } = useI18n()
  const [at, pick] = useState<string>()
  return (
    <div className="case-map">
      {d.spots.length > d.nowhere && <Ground d={d} at={at} pick={pick} />}
      <div>
        <p className="strong">{m.cases.mapTotal({ places: d.spots.length, cases: d.cases })}</p>
        {d.nowhere > 0 && <p className="faint small">{m.cases.mapNowhere({ n: d.nowhere })}</p>}
        <LongList
          className="case-spots"
          label={m.cases.asMap}
          items={d.spots.map(x => ({ ...x, id: x.key }))}
          size={53}
          at={at}
          row={x => (
            <div className="case-spot">
              <button type="button" aria-pressed={x.key === at} onClick={() => pick(x.key === at ? undefined : x.key)}>
                <span className="grow">
                  {x.name}
                  <br />
                  <span className={x.late > 0 ? 'late small' : 'faint small'}>{m.cases.mapSpot({ n: x.n, late: x.late })}</span>
                </span>
              </button>
              <Link className="small" to="/inspect/place" search={{ key: x.key }}>
                {m.common.open}
              </Link>
            </div>
          )}
        />
      </div>
    </div>
  )
}

function Ground({ d, at, pick }: { d: MapData; at: string | undefined; pick: (key: string | undefined) => void }) {
  const { m } = useI18n()
  const spots = d.spots.filter(x => x.point)
  const rings = d.outlines.map(o => ({ name: o.unit.name, id: o.unit.id, rings: o.rings as unknown as [number, number][][] }))
  const view = fit([...rings.flatMap(o => o.rings.flat()), ...spots.map(x => [x.point!.lon, x.point!.lat] as [number, number])], WIDE, HIGH)
  // Those that lie at one position stand in a ring around it.
  const ring = new Map<string, number>()
  const shift = (x: (typeof spots)[number]) => {
    const key = `${x.point!.lon},${x.point!.lat}`
    const i = ring.get(key) ?? 0
    ring.set(key, i + 1)
    return i === 0 ? [0, 0] : [Math.cos(i * 2.4) * (14 + 4 * Math.sqrt(i)), Math.sin(i * 2.4) * (14 + 4 * Math.sqrt(i))]
  }
  const to = ([lon, lat]: [number, number]) => project(view, lon, lat, WIDE, HIGH)
  return (
    <figure>
      <svg viewBox={`0 0 ${WIDE} ${HIGH}`} className="case-ground" role="img" aria-label={m.cases.mapLabel({ n: spots.length })}>
        {rings.map(o => (
          <path key={o.id} className="case-outline" d={o.rings.map(r => `M${r.map(p => to(p).map(x => x.toFixed(1)).join(' ')).join('L')}Z`).join('')} />
        ))}
        {spots.map(x => {
          const [cx, cy] = to([x.point!.lon, x.point!.lat])
          const [dx, dy] = shift(x)
          const [px, py] = [cx + dx!, cy + dy!]
          const r = Math.min(6 + Math.sqrt(x.n) * 2, 18)
          return (
            <g key={x.key} transform={`translate(${px.toFixed(1)} ${py.toFixed(1)})`} className={`case-dot${x.late > 0 ? ' late' : ''}${x.near ? ' near' : ''}`} data-on={x.key === at || undefined} onClick={() => pick(x.key === at ? undefined : x.key)}>
              <title>{`${x.name}${m.common.sep}${m.cases.mapSpot({ n: x.n, late: x.late })}`}</title>
              {x.late > 0 ? <path d={`M0 ${-r - 2} ${r + 1} ${r - 2}H${-r - 1}z`} /> : <circle r={r} />}
              {x.n > 1 && (
                <text y={x.late > 0 ? r - 4 : 4} textAnchor="middle">
                  {x.n}
                </text>
              )}
              {x.key === at && (
                <text className="case-name" y={-r - 8} textAnchor="middle">
                  {x.name}
                </text>
              )}
            </g>
          )
        })}
      </svg>
      <figcaption className="row wrap small muted case-legend">
        <svg width="18" height="18" viewBox="-9 -9 18 18" aria-hidden="true" className="case-dot">
          <circle r="6.5" />
        </svg>
        {m.cases.mapInTime}
        <svg width="18" height="18" viewBox="-9 -9 18 18" aria-hidden="true" className="case-dot late">
          <path d="M0 -8 8 6H-8z" />
        </svg>
        {m.cases.mapLate}
        <svg width="18" height="18" viewBox="-9 -9 18 18" aria-hidden="true" className="case-dot near">
          <circle r="6.5" />
        </svg>
        {m.cases.mapNear}
      </figcaption>
    </figure>
  )
}
