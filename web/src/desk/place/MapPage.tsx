import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect, useMemo, useRef, useState } from 'react'
import { get, send } from '../../api/client'
import { useI18n } from '../../shared/i18n'
import { useWidth } from '../../shared/chart/frame'
import { cluster, fit, project, scaleBar, type View } from '../../shared/map/project'
import { Icon } from '../ui/Icon'
import { UnitPicker } from '../ui/Scope'
import { Loaded, useProblemText } from '../ui/States'
import { toast } from '../ui/Toast'
import { can, useIsPhone, useMe, useScope, useTitle, useUrl } from '../ui/hooks'
import { PlaceState } from './parts'
import type { MapData, Row } from './types'
import './place.css'

/** The district's own outlines and its places; the list beside it says the same. No outside map is asked. */
export default function MapPage() {
  const { m } = useI18n()
  useTitle(`${m.places.map} · ${m.places.title}`)
  const phone = useIsPhone()
  const me = useMe()
  const { unit } = useScope()
  const [search, set] = useUrl()
  const client = useQueryClient()
  const problem = useProblemText()
  const q = { unit, type: search.type, state: search.state }
  const query = useQuery({ queryKey: ['places', 'map', q], queryFn: ({ signal }) => get('/place-map', q, signal) as Promise<MapData>, placeholderData: keepPreviousData })
  const upload = async (file: File | undefined) => {
    if (!file) return
    try {
      const r = await send('post', '/place-outlines', {}, file)
      toast(m.places.mapUploaded({ n: r.units }))
      void client.invalidateQueries({ queryKey: ['places'] })
    } catch (e) {
      toast.bad(problem(e))
    }
  }
  return (
    <div className="page pl pl-mapp">
      {phone && (
        <div className="phone-scope">
          <div className="scope" style={{ display: 'flex' }}>
            <UnitPicker />
          </div>
        </div>
      )}
      <header>
        <h1>{m.places.map}</h1>
        <span className="grow" />
        {can(me, 'org.edit') && (
          <label className="btn no-phone">
            <Icon name="upload" />
            {m.places.mapUpload}
            <input type="file" accept=".json,.geojson,application/geo+json" className="vh" onChange={e => void upload(e.target.files?.[0])} />
          </label>
        )}
        <Link className="btn" to="/points" search={{ type: search.type, state: search.state }}>
          <Icon name="list" />
          {m.places.list}
        </Link>
      </header>
      <Loaded query={query} rows={9}>
        {d => <Body d={d} picked={search.open} pick={id => set({ open: id }, { replace: true })} />}
      </Loaded>
    </div>
  )
}

function Body({ d, picked, pick }: { d: MapData; picked: string | undefined; pick: (id: string | undefined) => void }) {
  const { m, l } = useI18n()
  const list = useRef<HTMLUListElement>(null)
  useEffect(() => {
    if (picked) list.current?.querySelector(`[data-place="${picked}"]`)?.scrollIntoView({ block: 'nearest' })
  }, [picked])
  return (
    <div className="pl-map">
      <Drawing d={d} picked={picked} pick={pick} />
      <div className="pl-list">
        <p className="b">{m.places.total({ n: d.places.length })}</p>
        {d.nowhere > 0 && <p className="t3 sm">{m.places.mapNowhere({ n: d.nowhere })}</p>}
        <ul ref={list}>
          {d.places.map(r => (
            <li key={r.id} data-place={r.id} aria-current={r.id === picked ? 'true' : undefined} className={r.id === picked ? 'on' : ''}>
              <button type="button" aria-pressed={r.id === picked} onClick={() => pick(r.id === picked ? undefined : r.id)}>
                <span className="grow">
                  {r.name}
                  <br />
                  <span className="t3 sm">
                    {l(r.type_title)}　{r.code}
                  </span>
                </span>
                <PlaceState state={r.state} />
              </button>
              {r.id === picked && (
                <Link to="/points/$id" params={{ id: r.id }} search={{}}>
                  {m.common.open}
                </Link>
              )}
            </li>
          ))}
        </ul>
      </div>
    </div>
  )
}

function Drawing({ d, picked, pick }: { d: MapData; picked: string | undefined; pick: (id: string | undefined) => void }) {
  const { m } = useI18n()
  const [box, width] = useWidth<HTMLDivElement>(640)
  const height = width < 500 ? 380 : Math.max(440, Math.round(width * 0.66))
  const all = useMemo(() => fit([...d.outlines.flatMap(o => o.rings.flat()), ...d.places.map(p => [p.point!.lon, p.point!.lat] as [number, number])], width, height), [d, width, height])
  const [view, setView] = useState<View | null>(null)
  const v = view ?? all
  const drag = useRef<{ x: number; y: number; v: View } | null>(null)
  const zoom = (f: number) => setView({ ...v, scale: Math.min(Math.max(v.scale * f, all.scale * 0.5), all.scale * 200) })
  const move = (dx: number, dy: number) => setView({ ...v, x: v.x - dx / v.scale, y: v.y + dy / v.scale })
  const to = (lon: number, lat: number) => project(v, lon, lat, width, height)
  const at = (r: Row) => to(r.point!.lon, r.point!.lat)
  const spots = cluster(d.places, at, d.places.length > 1000 ? 44 : 0)
  const bar = scaleBar(v)
  const keys: Record<string, () => void> = { ArrowLeft: () => move(60, 0), ArrowRight: () => move(-60, 0), ArrowUp: () => move(0, 60), ArrowDown: () => move(0, -60), '+': () => zoom(1.4), '=': () => zoom(1.4), '-': () => zoom(1 / 1.4), '0': () => setView(null), Escape: () => pick(undefined) }
  const path = (rings: [number, number][][]) => rings.map(r => `M${r.map(([x, y]) => to(x, y).map(n => n.toFixed(1)).join(' ')).join('L')}Z`).join('')
  // The whole district first, its parts above; names stand in the middle of the parts.
  const shapes = [...d.outlines].sort((a, b) => size(b.rings) - size(a.rings))
  return (
    <div className="pl-canvas" ref={box}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- a map takes keys; the list beside it is the accessible version */}
      <svg
        role="application"
        aria-label={m.places.mapLabel({ n: d.places.length })}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- keys move and zoom
        tabIndex={0}
        width={width}
        height={height}
        viewBox={`0 0 ${width} ${height}`}
        onKeyDown={e => {
          const run = keys[e.key]
          if (!run) return
          e.preventDefault()
          run()
        }}
        onPointerDown={e => (drag.current = { x: e.clientX, y: e.clientY, v })}
        onPointerMove={e => {
          const s = drag.current
          if (s && e.buttons && Math.abs(e.clientX - s.x) + Math.abs(e.clientY - s.y) > 4) setView({ ...s.v, x: s.v.x - (e.clientX - s.x) / s.v.scale, y: s.v.y + (e.clientY - s.y) / s.v.scale })
        }}
        onPointerUp={() => (drag.current = null)}
        onPointerLeave={() => (drag.current = null)}
      >
        {shapes.map((o, i) => (
          <path key={o.unit.id} d={path(o.rings)} fill={i === 0 && shapes.length > 1 ? '#faf9f6' : '#f0f6f6'} stroke={i === 0 && shapes.length > 1 ? '#3f4a4d' : '#9fb3b5'} strokeWidth={i === 0 && shapes.length > 1 ? 2 : 1} />
        ))}
        {spots.map(s =>
          s.rows.length > 1 ? (
            <g key={`c${s.rows[0]!.id}`} onClick={() => setView({ x: s.rows[0]!.point!.lon, y: s.rows[0]!.point!.lat, scale: v.scale * 2.5 })} style={{ cursor: 'pointer' }}>
              <title>{m.places.cluster({ n: s.rows.length })}</title>
              <circle cx={s.x} cy={s.y} r={Math.min(10 + Math.sqrt(s.rows.length) * 2, 26)} fill="#11606d" fillOpacity=".85" />
              <text x={s.x} y={s.y + 4} textAnchor="middle" fontSize="12" fontWeight="600" fill="#fff">
                {s.rows.length}
              </text>
            </g>
          ) : (
            <Spot key={s.rows[0]!.id} r={s.rows[0]!} x={s.x} y={s.y} on={s.rows[0]!.id === picked} pick={pick} />
          ),
        )}
        {shapes.map((o, i) => {
          if (i === 0 && shapes.length > 1) return null
          const ring = o.rings[0] ?? []
          const [x, y] = to(ring.reduce((n, p) => n + p[0], 0) / Math.max(ring.length, 1), ring.reduce((n, p) => n + p[1], 0) / Math.max(ring.length, 1))
          return (
            <text key={o.unit.id} x={x} y={y} textAnchor="middle" fontSize="13" fill="#3f4a4d" stroke="#fff" strokeWidth="4" paintOrder="stroke">
              {o.unit.name}
            </text>
          )
        })}
        <g transform={`translate(12 ${height - 14})`}>
          <path d={`M0 -6V0H${bar.pixels}V-6`} fill="none" stroke="#3f4a4d" />
          <text x={bar.pixels / 2} y="-6" textAnchor="middle" fontSize="12" fill="#3f4a4d" stroke="#fff" strokeWidth="3" paintOrder="stroke">
            {bar.metres >= 1000 ? `${bar.metres / 1000} ${m.places.kilometres}` : `${bar.metres} ${m.places.metres}`}
          </text>
        </g>
      </svg>
      <div className="pl-zoom" role="group" aria-label={m.places.map}>
        <button type="button" className="btn icon" aria-label={m.places.zoomIn} onClick={() => zoom(1.5)}>
          <Icon name="plus" />
        </button>
        <button type="button" className="btn icon" aria-label={m.places.zoomOut} onClick={() => zoom(1 / 1.5)}>
          <Icon name="minus" />
        </button>
        <button type="button" className="btn icon" aria-label={m.places.zoomAll} onClick={() => setView(null)}>
          <Icon name="home" />
        </button>
      </div>
      <p className="t3 sm mt2">{d.outlines.length ? m.places.mapHint : m.places.mapNone}</p>
      <ul className="row wrap pl-legend" aria-label={m.places.legend}>
        {['open', 'proposed', 'suspended', 'retired'].map(s => (
          <li key={s} className="row sm t2">
            <svg width="18" height="18" viewBox="-9 -9 18 18" aria-hidden="true">
              <Shape state={s} />
            </svg>
            {m.places.states[s]}
          </li>
        ))}
      </ul>
    </div>
  )
}

const size = (rings: [number, number][][]) => {
  const r = rings[0] ?? []
  const xs = r.map(p => p[0])
  const ys = r.map(p => p[1])
  return (Math.max(...xs) - Math.min(...xs)) * (Math.max(...ys) - Math.min(...ys))
}

/** State by shape: a full disc in use, a ring on its way, a triangle suspended, a cross retired. */
function Shape({ state }: { state: string }) {
  if (state === 'open') return <circle r="6.5" fill="#11606d" stroke="#fff" strokeWidth="1.5" />
  if (state === 'suspended') return <path d="M0 -7 7 6H-7z" fill="#96370f" stroke="#fff" strokeWidth="1.5" />
  if (state === 'retired' || state === 'dropped') return <path d="M-5 -5 5 5M5 -5 -5 5" stroke="#5b666a" strokeWidth="2.5" />
  return <circle r="5.5" fill="#fff" stroke="#11606d" strokeWidth="2.5" strokeDasharray="3 2" />
}

function Spot({ r, x, y, on, pick }: { r: Row; x: number; y: number; on: boolean; pick: (id: string | undefined) => void }) {
  return (
    <g transform={`translate(${x} ${y})`} onClick={() => pick(on ? undefined : r.id)} style={{ cursor: 'pointer' }} data-spot={r.id}>
      <title>{`${r.name} ${r.code}`}</title>
      <circle r="12" fill="transparent" />
      {on && <circle r="13" fill="none" stroke="#0d444e" strokeWidth="2.5" />}
      <Shape state={r.state} />
      {on && (
        <text y="-18" textAnchor="middle" fontSize="13" fontWeight="600" fill="#1b2426" stroke="#fff" strokeWidth="4" paintOrder="stroke">
          {r.name}
        </text>
      )}
    </g>
  )
}
