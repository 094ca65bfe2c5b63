import { useEffect, useEffectEvent, useRef, useState } from 'react'
import Feature, { type FeatureLike } from 'ol/Feature'
import OlMap from 'ol/Map'
import Overlay from 'ol/Overlay'
import View from 'ol/View'
import ScaleLine from 'ol/control/ScaleLine'
import { boundingExtent, createEmpty, extend, getArea, isEmpty, type Extent } from 'ol/extent'
import Point from 'ol/geom/Point'
import Polygon from 'ol/geom/Polygon'
import VectorLayer from 'ol/layer/Vector'
import { fromLonLat } from 'ol/proj'
import Cluster from 'ol/source/Cluster'
import VectorSource from 'ol/source/Vector'
import CircleStyle from 'ol/style/Circle'
import Fill from 'ol/style/Fill'
import RegularShape from 'ol/style/RegularShape'
import Stroke from 'ol/style/Stroke'
import Style from 'ol/style/Style'
import Text from 'ol/style/Text'
import { Icon } from '../ui/Icon'
import type { MapData, Row } from './types'
import { useI18n } from './texts'
import 'ol/ol.css'

/** Stored degrees are whole numbers of 1e-7. */
const at = (lon: number, lat: number) => fromLonLat([lon / 1e7, lat / 1e7])
const FONT = '"Microsoft YaHei", "PingFang SC", "Noto Sans CJK SC", sans-serif'
const INK = '#11606d'
/** Fewer than these stand each for itself. */
const MANY = 200

/** State by shape: a full disc in use, a ring on its way, a triangle suspended, a cross retired. The legend draws the same. */
function shapeOf(state: string) {
  const rim = new Stroke({ color: '#fff', width: 1.5 })
  if (state === 'open') return new CircleStyle({ radius: 6.5, fill: new Fill({ color: INK }), stroke: rim })
  if (state === 'suspended') return new RegularShape({ points: 3, radius: 8.5, fill: new Fill({ color: '#96370f' }), stroke: rim })
  if (state === 'retired' || state === 'dropped') return new RegularShape({ points: 4, radius: 7, radius2: 0, angle: Math.PI / 4, stroke: new Stroke({ color: '#5b666a', width: 2.5 }) })
  return new CircleStyle({ radius: 5.5, fill: new Fill({ color: '#fff' }), stroke: new Stroke({ color: INK, width: 2.5, lineDash: [3, 2] }) })
}
const shapes = new Map<string, Style>()
function spotStyle(state: string) {
  let s = shapes.get(state)
  if (!s) shapes.set(state, (s = new Style({ image: shapeOf(state) })))
  return s
}
const ringStyle = new Style({ image: new CircleStyle({ radius: 13, stroke: new Stroke({ color: '#0d444e', width: 2.5 }) }) })
const clusterStyle = (n: number) =>
  new Style({
    image: new CircleStyle({ radius: Math.min(10 + Math.sqrt(n) * 2, 26), fill: new Fill({ color: 'rgb(17 96 109 / 85%)' }) }),
    text: new Text({ text: String(n), font: `600 12px ${FONT}`, fill: new Fill({ color: '#fff' }) }),
  })
function outlineStyle(f: FeatureLike) {
  const frame = f.get('frame') as boolean
  return new Style({ fill: new Fill({ color: frame ? '#faf9f6' : '#f0f6f6' }), stroke: new Stroke({ color: frame ? '#3f4a4d' : '#9fb3b5', width: frame ? 2 : 1 }), zIndex: f.get('nth') as number })
}
function nameStyle(f: FeatureLike) {
  if (f.get('frame')) return undefined
  return new Style({ text: new Text({ text: f.get('name') as string, font: `13px ${FONT}`, fill: new Fill({ color: '#3f4a4d' }), stroke: new Stroke({ color: '#fff', width: 4 }), overflow: true }) })
}
const members = (f: Feature) => f.get('features') as Feature[]
const rowOf = (f: Feature) => f.get('row') as Row

/** The district's own outlines and its places on a canvas: wheel, pinch, drag and keys; places that lie close are one number. */
export function PointMap({ d, picked, pick }: { d: MapData; picked: string | undefined; pick: (id: string | undefined) => void }) {
  const { m } = useI18n()
  const box = useRef<HTMLDivElement>(null)
  const flag = useRef<HTMLDivElement>(null)
  const map = useRef<OlMap | null>(null)
  const [layers] = useState(() => {
    const outlines = new VectorSource()
    const spots = new VectorSource()
    return { outlines, spots, clusters: new Cluster({ source: spots, distance: 0 }) }
  })
  const chosen = useRef(picked)
  const tap = useEffectEvent((id: string | undefined) => pick(id === picked ? undefined : id))
  const still = () => (matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 200)

  useEffect(() => {
    const cluster = layers.clusters
    const made = new OlMap({
      target: box.current!,
      layers: [
        new VectorLayer({ source: layers.outlines, updateWhileInteracting: true, style: outlineStyle }),
        new VectorLayer({
          source: cluster,
          updateWhileInteracting: true,
          style: f => {
            const all = members(f as Feature)
            if (all.length > 1) return clusterStyle(all.length)
            const r = rowOf(all[0]!)
            return r.id === chosen.current ? [ringStyle, spotStyle(r.state)] : spotStyle(r.state)
          },
        }),
        new VectorLayer({ source: layers.outlines, updateWhileInteracting: true, style: nameStyle }), // above the places
      ],
      controls: [new ScaleLine()],
      view: new View({ center: [0, 0], zoom: 10, enableRotation: false }),
    })
    map.current = made
    made.on('click', e => {
      const f = made.forEachFeatureAtPixel(e.pixel, x => x as Feature, { layerFilter: l => l.getSource() === cluster, hitTolerance: 8 })
      const all = f ? members(f) : []
      if (all.length > 1) made.getView().fit(boundingExtent(all.map(x => (x.getGeometry() as Point).getCoordinates())), { padding: [60, 60, 60, 60], maxZoom: 19, duration: still() })
      else if (all[0]) tap(rowOf(all[0]).id)
    })
    made.on('pointermove', e => {
      if (!e.dragging) box.current!.style.cursor = made.hasFeatureAtPixel(e.pixel, { layerFilter: l => l.getSource() === cluster, hitTolerance: 8 }) ? 'pointer' : ''
    })
    return () => made.setTarget(undefined)
  }, [layers])

  const whole = (): Extent => {
    const e = createEmpty()
    for (const s of [layers.outlines, layers.spots]) if (!s.isEmpty()) extend(e, s.getExtent()!)
    return e
  }
  const showAll = (duration = still()) => {
    const e = whole()
    if (!isEmpty(e) || layers.spots.getFeatures().length) map.current?.getView().fit(e, { padding: [28, 28, 36, 28], maxZoom: 17, duration })
  }
  const shown = useEffectEvent(() => showAll(0))

  // The whole district first, its parts above; names stand in the middle of the parts.
  useEffect(() => {
    const parts = d.outlines.map(o => ({ o, polygon: new Polygon(o.rings.map(r => r.map(([x, y]) => at(x, y)))) })).sort((a, b) => getArea(b.polygon.getExtent()) - getArea(a.polygon.getExtent()))
    layers.outlines.clear()
    layers.outlines.addFeatures(
      parts.map(({ o, polygon }, i) => {
        const f = new Feature(polygon)
        f.setProperties({ name: o.unit.name, frame: i === 0 && parts.length > 1, nth: i })
        return f
      }),
    )
    layers.spots.clear()
    layers.spots.addFeatures(
      d.places.map(row => {
        const f = new Feature(new Point(at(row.point!.lon, row.point!.lat)))
        f.set('row', row)
        return f
      }),
    )
    layers.clusters.setDistance(d.places.length > MANY ? 44 : 0)
    shown()
  }, [d, layers])

  // The place that was picked carries its name, and is brought into view where it is not.
  const place = d.places.find(r => r.id === picked)
  useEffect(() => {
    chosen.current = picked
    layers.clusters.changed()
    const on = map.current
    if (!on || !place || !flag.current) return
    const where = at(place.point!.lon, place.point!.lat)
    const overlay = new Overlay({ element: flag.current, position: where, positioning: 'bottom-center', offset: [0, -16], stopEvent: false })
    on.addOverlay(overlay)
    const [x1, y1, x2, y2] = on.getView().calculateExtent() as [number, number, number, number]
    if (where[0]! < x1 || where[0]! > x2 || where[1]! < y1 || where[1]! > y2) on.getView().animate({ center: where, duration: still() })
    return () => void on.removeOverlay(overlay)
  }, [picked, place, layers])

  const zoom = (by: number) => {
    const v = map.current?.getView()
    v?.animate({ zoom: (v.getZoom() ?? 10) + by, duration: still() })
  }
  return (
    <div className="place-canvas">
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- a map takes keys; the list beside it is the accessible version */}
      <div
        ref={box}
        className="place-ground"
        role="application"
        aria-label={m.places.mapLabel({ n: d.places.length })}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- keys move and zoom
        tabIndex={0}
        onKeyDown={e => {
          if (e.key === '0') showAll()
          else if (e.key === 'Escape') pick(undefined)
        }}
      />
      <div hidden>
        <div ref={flag} className="place-flag" data-spot={place?.id}>
          {place?.name}
        </div>
      </div>
      <div className="place-zoom" role="group" aria-label={m.places.map}>
        <button type="button" className="btn icon" aria-label={m.places.zoomIn} onClick={() => zoom(0.7)}>
          <Icon name="plus" />
        </button>
        <button type="button" className="btn icon" aria-label={m.places.zoomOut} onClick={() => zoom(-0.7)}>
          <Icon name="minus" />
        </button>
        <button type="button" className="btn icon" aria-label={m.places.zoomAll} onClick={() => showAll()}>
          <Icon name="home" />
        </button>
      </div>
      <p className="faint small gap-2">{d.outlines.length ? m.places.mapHint : m.places.mapNone}</p>
      <ul className="row wrap place-legend" aria-label={m.places.legend}>
        {(['open', 'proposed', 'suspended', 'retired'] as const).map(s => (
          <li key={s} className="row small muted">
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

function Shape({ state }: { state: string }) {
  if (state === 'open') return <circle r="6.5" fill={INK} stroke="#fff" strokeWidth="1.5" />
  if (state === 'suspended') return <path d="M0 -7 7 6H-7z" fill="#96370f" stroke="#fff" strokeWidth="1.5" />
  if (state === 'retired') return <path d="M-5 -5 5 5M5 -5 -5 5" stroke="#5b666a" strokeWidth="2.5" />
  return <circle r="5.5" fill="#fff" stroke={INK} strokeWidth="2.5" strokeDasharray="3 2" />
}
