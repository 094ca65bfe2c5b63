import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { get, url } from '../../api/client'
import { Hatch } from '../../shared/chart/hatch'
import { fixed } from '../../shared/format'
import { fit, project } from '../../shared/map/project'
import { SHADES, inkOn, middle, ranges, shadeOf } from '../../shared/map/shade'
import { Heads } from '../ui/Table'
import { can, useMe } from '../ui/hooks'
import { FigureChart } from './FigureChart'
import type { FigurePage, Outline, UnitLine } from './types'
import { useI18n } from './texts'

/** The units below as their own outlines, shaded by the figure, each with its number; the table beside it says the same. */
export function UnitMap({ page: p }: { page: FigurePage }) {
  const { m, l, lang } = useI18n()
  const me = useMe()
  const navigate = useNavigate()
  const below = p.units.length > 0 && can(me, 'place.read')
  const query = useQuery({
    queryKey: ['places', 'outlines', p.unit.id],
    queryFn: ({ signal }) => get('/place-outlines', { unit: p.unit.id }, signal) as Promise<{ outlines: Outline[] }>,
    enabled: below,
    staleTime: 300_000,
  })
  if (!below || !query.data) return null
  const shapes = query.data.outlines
  const lines = new Map(p.units.map(u => [u.unit.id, u]))
  const parts = shapes.filter(o => lines.has(o.unit.id)).map(o => ({ ...o, line: lines.get(o.unit.id)! }))
  if (!parts.length) {
    if (!can(me, 'org.edit')) return null
    return (
      <section className="chart">
        <h2>{m.figures.mapOf}</h2>
        <p className="muted">
          {m.figures.mapNone({ unit: p.unit.name })}{' '}
          <Link to="/points/map" search={{ unit: p.unit.id }}>
            {m.figures.mapNoneAct}
          </Link>
        </p>
      </section>
    )
  }
  const whole = shapes.find(o => o.unit.id === p.unit.id)
  const values = parts.flatMap(o => (o.line.value === null ? [] : [o.line.value]))
  const least = Math.min(...values)
  const most = Math.max(...values)
  const share = p.measure === 'ratio' || p.measure === 'coverage'
  const text = (u: UnitLine) => (u.value === null ? '—' : p.measure === 'coverage' ? `${u.part}/${u.of}` : u.display)
  const show = (n: number) => (share ? `${fixed(n, 1, lang)}%` : fixed(n, p.decimals, lang))
  const open = (unit: number) =>
    void navigate({ to: '/figures/$key', params: { key: p.key }, search: (old: object) => ({ ...old, unit, field: undefined, units: undefined }) } as unknown as Parameters<typeof navigate>[0])
  const missing = p.units.length - parts.length
  const file = (format: string) => url(`/figures/${encodeURIComponent(p.key)}/export`, { unit: p.unit.id, period: p.period, table: 'units', format })
  const shaded = parts.map(o => ({ ...o, shade: o.line.value === null ? -1 : shadeOf(o.line.value, least, most) }))
  const draw = (width: number) => {
    const legend = ranges(values)
    const rows = Math.ceil((legend.length + (values.length < parts.length ? 1 : 0)) / (width < 480 ? 2 : 5))
    const height = (width < 480 ? 320 : 380) + rows * 24
    const map = height - rows * 24 - 8
    const v = fit(
      shapes.flatMap(o => o.rings.flat()),
      width,
      map,
    )
    const at = (x: number, y: number) => project(v, x, y, width, map)
    const path = (rings: [number, number][][]) => rings.map(r => `M${r.map(([x, y]) => at(x, y).map(n => n.toFixed(1)).join(' ')).join('L')}Z`).join('')
    const chars = (t: string) => [...t].reduce((n, c) => n + (c.charCodeAt(0) > 255 ? 12 : 6.6), 0)
    const wide = (rings: [number, number][][]) => {
      const xs = rings.flat().map(([x, y]) => at(x, y)[0])
      return Math.max(...xs) - Math.min(...xs)
    }
    const column = width / (width < 480 ? 2 : 5)
    return (
      <svg
        className="chart-svg"
        viewBox={`0 0 ${width} ${height}`}
        width={width}
        height={height}
        role="img"
        aria-label={m.figures.mapSentence({ title: l(p.title), list: shaded.map(o => `${o.unit.name} ${text(o.line)}`).join(m.common.sep) })}
      >
        <Hatch id="map-none" size={6} line={1.2} color="#b9bfbe" />
        {whole && <path d={path(whole.rings)} fill="#f3f2ee" stroke="#3f4a4d" strokeWidth="2" fillRule="evenodd" />}
        {shaded.map(o => (
          <path
            key={o.unit.id}
            data-unit={o.unit.id}
            data-shade={o.shade}
            d={path(o.rings)}
            fill={o.shade < 0 ? 'url(#map-none)' : SHADES[o.shade]}
            fillRule="evenodd"
            stroke="#3f4a4d"
            strokeWidth="0.8"
            style={{ cursor: 'pointer' }}
            onClick={() => open(o.unit.id)}
          >
            <title>{`${o.unit.name} ${text(o.line)}`}</title>
          </path>
        ))}
        {shaded.map(o => {
          const [x, y] = at(...middle(o.rings))
          const room = wide(o.rings) - 8
          const named = chars(o.unit.name) <= room
          const ink = inkOn(o.shade)
          return (
            <g key={o.unit.id} fill={ink} textAnchor="middle" pointerEvents="none">
              {named && (
                <text x={x} y={y - 4} fontSize="12">
                  {o.unit.name}
                </text>
              )}
              <text x={x} y={named ? y + 13 : y + 5} fontSize="14" fontWeight="600">
                {text(o.line)}
              </text>
            </g>
          )
        })}
        {[...legend, ...(values.length < parts.length ? [null] : [])].map((r, i) => (
          <g key={r?.shade ?? 'none'} transform={`translate(${(i % (width < 480 ? 2 : 5)) * column} ${map + 16 + Math.floor(i / (width < 480 ? 2 : 5)) * 24})`}>
            <rect y="-11" width="22" height="14" fill={r ? SHADES[r.shade] : 'url(#map-none)'} stroke="#3f4a4d" strokeWidth="0.8" />
            <text x="28" fontSize="12" fill="#3f4a4d">
              {!r ? m.figures.mapNothing : r.least === r.most ? show(r.least) : m.figures.mapRange({ a: show(r.least), b: show(r.most) })}
            </text>
          </g>
        ))}
      </svg>
    )
  }
  return (
    <FigureChart
      page={p}
      title={m.figures.mapOf}
      note={missing > 0 ? `${m.figures.mapNote}${m.common.sep}${m.figures.mapMissing({ n: missing })}` : m.figures.mapNote}
      words={{ picture: m.figures.map }}
      file={file}
      picture={draw}
      table={
        <table data-testid="map-table">
          <Heads of={[m.common.unit, { num: m.figures.value }, { unseen: m.figures.map }]} />
          <tbody>
            {p.units.map(u => {
              const s = shaded.find(o => o.unit.id === u.unit.id)
              return (
                <tr key={u.unit.id}>
                  <td>
                    <Link to="/figures/$key" params={{ key: p.key }} search={(old: object) => ({ ...old, unit: u.unit.id, field: undefined, units: undefined })}>
                      {u.unit.name}
                    </Link>
                  </td>
                  <td className="num strong">{text(u)}</td>
                  <td>{s && <span className={s.shade < 0 ? 'figure-chip none' : 'figure-chip'} style={s.shade < 0 ? undefined : { background: SHADES[s.shade] }} aria-hidden="true" />}</td>
                </tr>
              )
            })}
          </tbody>
        </table>
      }
    />
  )
}
