import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { get, send } from '../../api/client'
import { ProblemError } from '../../api/errors'
import { parseFixed, plain, typedCount } from '../../shared/format'
import { uuid } from '../../shared/uuid'
import { ErrorBox, FieldBox, TextField } from '../ui/Field'
import { Icon } from '../ui/Icon'
import { UnitSelect } from '../ui/Scope'
import { Loaded, useProblemText } from '../ui/States'
import { toast } from '../ui/Toast'
import { useTitle } from '../ui/hooks'
import { COLOURS, clock } from './parts'
import type { Body, TypeView, View } from './types'
import { useI18n } from './texts'
import './place.css'

const CATEGORIES = ['food', 'recyclable', 'hazard', 'other'] as const

/** Proposing a place, or correcting one; made for a thumb. */
export default function PlaceFormPage() {
  const { id } = useParams({ strict: false }) as { id?: string }
  const { m } = useI18n()
  useTitle(id ? m.places.form.edit : m.places.form.propose)
  const types = useQuery({ queryKey: ['places', 'types'], queryFn: ({ signal }) => get('/places', { size: 1 }, signal), staleTime: 60_000 })
  const place = useQuery({ queryKey: ['place', id], queryFn: ({ signal }) => get('/places/{id}', { id: id! }, signal), enabled: !!id })
  return (
    <div className="page place-page place-form">
      <header>
        <h1>{id ? m.places.form.edit : m.places.form.propose}</h1>
      </header>
      <Loaded query={types}>{t => (id ? <Loaded query={place}>{v => <Form types={t.types} place={v} />}</Loaded> : <Form types={t.types} />)}</Loaded>
    </div>
  )
}

function Form({ types, place }: { types: TypeView[]; place?: View }) {
  const { m, l } = useI18n()
  const navigate = useNavigate()
  const client = useQueryClient()
  const problem = useProblemText()
  const [type, setType] = useState(place?.type ?? 'dropoff-point')
  const [unit, setUnit] = useState<number | undefined>(place?.unit.id)
  const [body, setBody] = useState<Body>(
    place?.body ?? { name: '', address: '', batch: '', households: 0, containers: CATEGORIES.map(c => ({ category: c, litres: 240, number: c === 'other' ? 2 : 1 })), hours: [{ from: 390, until: 540 }, { from: 1050, until: 1230 }], photos: [] },
  )
  const [lat, setLat] = useState(place?.point ? plain(place.point.lat, 7) : '')
  const [lon, setLon] = useState(place?.point ? plain(place.point.lon, 7) : '')
  const [fault, setFault] = useState<{ [k: string]: string }>({})
  const [error, setError] = useState('')
  // A position outside its unit is asked about once; a changed one is asked about anew.
  const [far, setFar] = useState('')
  const [outside, setOutside] = useState(false)
  const spot = `${lat} ${lon} ${unit}`
  const [busy, setBusy] = useState(false)
  const op = useRef(uuid())
  const position = useRef<HTMLFieldSetElement>(null)
  const t = types.find(x => x.key === type)
  const put = (patch: Partial<Body>) => setBody(b => ({ ...b, ...patch }))
  const here = () =>
    navigator.geolocation
      ? navigator.geolocation.getCurrentPosition(
          p => {
            setLat(p.coords.latitude.toFixed(7))
            setLon(p.coords.longitude.toFixed(7))
          },
          () => setError(m.places.hereFailed),
          { enableHighAccuracy: true, timeout: 20_000 },
        )
      : setError(m.places.hereFailed)
  const go = async () => {
    const f: typeof fault = {}
    if (!unit) f.unit = m.places.form.needUnit
    if (!body.name.trim()) f.name = m.places.form.needName
    if (t?.batches.length && !body.batch) f.batch = m.places.form.needBatch
    const a = lat.trim() ? parseFixed(lat, 7) : null
    const b = lon.trim() ? parseFixed(lon, 7) : null
    if ((lat.trim() || lon.trim()) && (a === null || b === null || Math.abs(a) > 90e7 || Math.abs(b) > 180e7)) f.point = m.places.positionHint
    setFault(f)
    if (Object.keys(f).length) return
    setBusy(true)
    const input = { body: { ...body, batch: t?.batches.length ? body.batch : '' }, ...(a !== null && b !== null ? { point: { lat: a, lon: b } } : {}), ...(outside && far === spot ? { outside } : {}) }
    try {
      const v = place
        ? await send('put', '/places/{id}', { id: place.id }, input, { rev: place.rev, op: op.current })
        : await send('post', '/places', {}, { ...input, type, unit }, { op: op.current })
      client.setQueryData(['place', v.id], v)
      void client.invalidateQueries({ queryKey: ['places'] })
      toast(m.common.saved)
      await navigate({ to: '/points/$id', params: { id: v.id }, search: {} })
    } catch (e) {
      const at = e instanceof ProblemError ? e.problem.errors?.find(x => x.code === 'place.outside') : undefined
      if (at) {
        setFar(spot)
        setOutside(false)
        setFault({ point: at.detail })
        setTimeout(() => position.current?.querySelector('input')?.focus(), 0)
      } else setError(problem(e))
      setBusy(false)
      op.current = uuid()
    }
  }
  const minute = (x: string) => {
    const [h, mm] = x.split(':').map(Number)
    return (h || 0) * 60 + (mm || 0)
  }
  const time = (n: number) => (n >= 1440 ? '23:59' : clock(n).padStart(5, '0'))
  return (
    <form
      onSubmit={e => {
        e.preventDefault()
        if (!busy) void go()
      }}
    >
      {error && <ErrorBox>{error}</ErrorBox>}
      {!place && (
        <FieldBox label={m.places.type}>
          {a => (
            <select id={a.id} className="input" value={type} onChange={e => setType(e.target.value)}>
              {types.map(x => (
                <option key={x.key} value={x.key}>
                  {l(x.title)}
                </option>
              ))}
            </select>
          )}
        </FieldBox>
      )}
      {!place && (
        <FieldBox label={m.common.unit} error={fault.unit}>
          {a => <UnitSelect id={a.id} label={m.common.unit} value={unit} onChange={setUnit} types={t?.about} invalid={a.invalid} describedby={a.describedby} />}
        </FieldBox>
      )}
      <TextField label={m.places.name} value={body.name} onChange={v => put({ name: v })} error={fault.name} />
      <TextField label={m.places.address} value={body.address} onChange={v => put({ address: v })} hint={m.places.addressHint} />
      {!!t?.batches.length && (
        <FieldBox label={m.places.batch} error={fault.batch}>
          {a => (
            <select id={a.id} className={a.invalid ? 'input bad' : 'input'} aria-describedby={a.describedby} value={body.batch} onChange={e => put({ batch: e.target.value })}>
              <option value="">{m.common.choose}</option>
              {t.batches.map(b => (
                <option key={b.key} value={b.key}>
                  {l(b.title)}
                </option>
              ))}
            </select>
          )}
        </FieldBox>
      )}
      <TextField label={m.places.households} value={body.households ? String(body.households) : ''} onChange={v => put({ households: typedCount(v, body.households ?? 0) })} inputMode="numeric" optional={m.common.optional} />
      <fieldset className="place-set" ref={position}>
        <legend>{m.places.position}</legend>
        <p className="faint small">{m.places.positionHint}</p>
        <div className="grid-2 field">
          <TextField label={m.common.lat} value={lat} onChange={setLat} inputMode="text" error={fault.point} />
          <TextField label={m.common.lon} value={lon} onChange={setLon} inputMode="text" />
        </div>
        {far === spot && (
          <label className="row gap-2 field">
            <input type="checkbox" checked={outside} onChange={e => setOutside(e.target.checked)} />
            {m.places.outsideRight}
          </label>
        )}
        <button type="button" className="btn gap-2" onClick={here}>
          <Icon name="pin" />
          {m.places.here}
        </button>
      </fieldset>
      <fieldset className="place-set">
        <legend>{m.places.containers}</legend>
        {body.containers.map((c, i) => {
          const set = (patch: Partial<typeof c>) => put({ containers: body.containers.map((x, j) => (j === i ? { ...x, ...patch } : x)) })
          return (
            <div className="place-bin" key={i}>
              <span className="place-chip" style={{ background: COLOURS[c.category] }} aria-hidden="true" />
              <select className="input" aria-label={m.places.category} value={c.category} onChange={e => set({ category: e.target.value as typeof c.category })}>
                {CATEGORIES.map(k => (
                  <option key={k} value={k}>
                    {m.places.categories[k]}
                  </option>
                ))}
              </select>
              <input className="input" inputMode="numeric" aria-label={m.places.number} value={c.number || ''} onChange={e => set({ number: typedCount(e.target.value, c.number ?? 0) })} />
              <span className="faint">×</span>
              <input className="input" inputMode="numeric" aria-label={m.places.litres} value={c.litres || ''} onChange={e => set({ litres: typedCount(e.target.value, c.litres ?? 0) })} />
              <span className="faint">{m.places.litres}</span>
              <button type="button" className="btn icon slim" aria-label={m.common.remove} onClick={() => put({ containers: body.containers.filter((_, j) => j !== i) })}>
                <Icon name="close" />
              </button>
            </div>
          )
        })}
        <button type="button" className="btn gap-2" onClick={() => put({ containers: [...body.containers, { category: 'food', litres: 240, number: 1 }] })}>
          <Icon name="plus" />
          {m.places.addContainer}
        </button>
      </fieldset>
      <fieldset className="place-set">
        <legend>{m.places.hours}</legend>
        {body.hours.map((h, i) => {
          const set = (patch: Partial<typeof h>) => put({ hours: body.hours.map((x, j) => (j === i ? { ...x, ...patch } : x)) })
          return (
            <div className="place-bin" key={i}>
              <input className="input" type="time" aria-label={m.common.from} value={time(h.from)} onChange={e => set({ from: minute(e.target.value) })} />
              <span className="faint">–</span>
              <input className="input" type="time" aria-label={m.common.until} value={time(h.until)} onChange={e => set({ until: e.target.value === '23:59' ? 1440 : minute(e.target.value) })} />
              <button type="button" className="btn icon slim" aria-label={m.common.remove} onClick={() => put({ hours: body.hours.filter((_, j) => j !== i) })}>
                <Icon name="close" />
              </button>
            </div>
          )
        })}
        {body.hours.length === 0 && <p className="muted">{m.places.allDay}</p>}
        <button type="button" className="btn gap-2" onClick={() => put({ hours: [...body.hours, { from: 1080, until: 1200 }] })}>
          <Icon name="plus" />
          {m.places.addHours}
        </button>
      </fieldset>
      <div className="place-send">
        <button type="button" className="btn" onClick={() => void navigate(place ? { to: '/points/$id', params: { id: place.id }, search: {} } : { to: '/points', search: {} })}>
          {m.common.cancel}
        </button>
        <button type="submit" className="btn primary" disabled={busy}>
          {place ? m.places.form.save : m.places.form.submit}
        </button>
      </div>
    </form>
  )
}
