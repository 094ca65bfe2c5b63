import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { get, send, type Item } from '../../api/client'
import type { Evidence, Field } from '../../api/answers'
import { plain } from '../../shared/format'
import { useI18n } from '../../shared/i18n'
import { isNumeric, pointerId, unitOf, type Draft, type DraftValue, type Fault } from '../../shared/schema-form/core'
import { Combo } from '../ui/Combo'
import { DayInput } from '../ui/DayInput'
import { FieldBox } from '../ui/Field'
import { Icon } from '../ui/Icon'
import { UnitSelect } from '../ui/Scope'
import { useProblemText } from '../ui/States'
import { toast } from '../ui/Toast'
import { PhotoInput } from './PhotoInput'

type Props = {
  field: Field
  pointer: string
  id: string
  invalid: boolean
  describedby: string | undefined
  draft: Draft
  onChange: (key: string, v: DraftValue) => void
  phone: boolean
  unit: number | undefined
  labels: { [k: string]: string }
  evidence: Evidence[]
  files: string
  names: { [sha: string]: string }
  onName: (key: string, name: string) => void
  faults: Fault[]
  onUploads: (field: string, waiting: number, failed: number) => void
}

export function FieldInput(p: Props) {
  const { field: f, id, invalid, describedby, draft, onChange } = p
  const { m, l, lang } = useI18n()
  const v = draft[f.key]
  const cls = invalid ? 'input bad' : 'input'
  const aria = { id, 'aria-invalid': invalid || undefined, 'aria-describedby': describedby, 'aria-required': f.required || undefined }
  switch (f.type) {
    case 'date':
      return <DayInput id={id} value={String(v ?? '')} onChange={d => onChange(f.key, d || undefined)} invalid={invalid} describedby={describedby} />
    case 'text':
      return <input {...aria} className={cls} value={String(v ?? '')} autoComplete="off" onChange={e => onChange(f.key, e.target.value)} />
    case 'long-text':
      return <textarea {...aria} className={cls} rows={3} value={String(v ?? '')} onChange={e => onChange(f.key, e.target.value)} />
    case 'count':
    case 'number':
    case 'weight':
    case 'money':
      return <NumberInput {...p} />
    case 'bool':
      return (
        <div className="seg short" role="radiogroup" aria-label={l(f.title)} id={id} aria-describedby={describedby}>
          {[true, false].map(b => (
            <label key={String(b)}>
              <input type="radio" name={id} checked={v === b} onChange={() => onChange(f.key, b)} />
              <span>{b ? m.common.yes : m.common.no}</span>
            </label>
          ))}
        </div>
      )
    case 'choice': {
      const options = f.options ?? []
      if (options.length > 6) {
        return (
          <select {...aria} className={cls} value={String(v ?? '')} onChange={e => onChange(f.key, e.target.value || undefined)}>
            <option value="">{m.common.choose}</option>
            {options.map(o => (
              <option key={o.key} value={o.key}>
                {l(o.title)}
              </option>
            ))}
          </select>
        )
      }
      return (
        <div
          className={options.some(o => l(o.title).length > (p.phone ? (lang === 'en' ? 8 : 6) : 14)) ? 'seg stack' : 'seg'}
          role="radiogroup"
          aria-label={l(f.title)}
          id={id}
          aria-describedby={describedby}
        >
          {options.map(o => (
            <label key={o.key}>
              <input type="radio" name={id} checked={v === o.key} onChange={() => onChange(f.key, o.key)} />
              <span>{l(o.title)}</span>
            </label>
          ))}
        </div>
      )
    }
    case 'unit':
      return (
        <UnitSelect
          id={id}
          label={l(f.title)}
          value={v as number | undefined}
          types={f.types}
          onChange={u => onChange(f.key, u)}
          invalid={invalid}
          describedby={describedby}
        />
      )
    case 'ref':
      return <Lookup {...p} path="/refs" />
    case 'person':
      return <Lookup {...p} path="/persons" />
    case 'photo':
    case 'file':
      return (
        <PhotoInput
          id={id}
          label={l(f.title)}
          describedby={describedby}
          photo={f.type === 'photo'}
          value={(v as string[] | undefined) ?? []}
          max={f.max}
          evidence={p.evidence}
          store={`${p.files}|${f.key}`}
          names={p.names}
          onName={p.onName}
          onUploads={(waiting, failed) => p.onUploads(f.key, waiting, failed)}
          onChange={list => onChange(f.key, list.length ? list : undefined)}
        />
      )
    case 'geo':
      return <GeoInput {...p} />
    case 'group':
      return <GroupInput {...p} />
  }
}

function NumberInput({ field: f, id, invalid, describedby, draft, onChange, phone }: Props) {
  const { m, lang } = useI18n()
  const text = String(draft[f.key] ?? '')
  const step = (d: number) => onChange(f.key, String(Math.max(f.min ?? 0, (Number(text.replace(/,/g, '')) || 0) + d)))
  const unit = unitOf(f, m, lang)
  const basis = f.basis && f.basis.length > 1 ? f.basis : null
  const input = (
    <input
      id={id}
      className={phone && f.type === 'count' ? '' : invalid ? 'input bad' : 'input'}
      inputMode={f.type === 'count' ? 'numeric' : 'decimal'}
      aria-invalid={invalid || undefined}
      aria-describedby={describedby}
      aria-required={f.required || undefined}
      autoComplete="off"
      value={text}
      placeholder={!phone && f.min !== undefined && f.max !== undefined ? `${plain(f.min, f.decimals)}–${plain(f.max, f.decimals)}` : ''}
      onChange={e => onChange(f.key, e.target.value)}
    />
  )
  return (
    <div className="count">
      {phone && f.type === 'count' ? (
        <span className={invalid ? 'step bad' : 'step'}>
          <button type="button" aria-label={m.form.minus} onClick={() => step(-1)}>
            <Icon name="minus" size={24} />
          </button>
          {input}
          <button type="button" aria-label={m.form.plus} onClick={() => step(1)}>
            <Icon name="plus" size={24} />
          </button>
        </span>
      ) : (
        <span className="nin">
          {input}
          {unit && <span className="t3">{unit}</span>}
        </span>
      )}
      {basis && (
        <div className="seg" role="radiogroup" aria-label={m.form.basis}>
          {basis.map(b => (
            <label key={b}>
              <input type="radio" name={`${id}-b`} checked={draft[`${f.key}.basis`] === b} onChange={() => onChange(`${f.key}.basis`, b)} />
              <span>{b === 'estimated' ? m.form.estimated : b === 'counted' ? m.form.counted : b}</span>
            </label>
          ))}
        </div>
      )}
    </div>
  )
}

/** Records and persons are searched on the server; the chosen one's words are kept with the form. */
function Lookup({ field: f, id, invalid, describedby, draft, onChange, unit, labels, names, onName, path }: Props & { path: '/refs' | '/persons' }) {
  const { m, l } = useI18n()
  const problem = useProblemText()
  const [q, setQ] = useState('')
  const value = draft[f.key] as string | undefined
  const query = useQuery({
    queryKey: ['lookup', path, f.of, unit, q],
    staleTime: 30_000,
    queryFn: async ({ signal }): Promise<(Item<'/refs'> | Item<'/persons'>)[]> => (path === '/refs' ? await get('/refs', { kind: f.of, q }, signal) : await get('/persons', { q }, signal)).items,
  })
  // A lecturer or a guide need not have a login: a name and a unit are enough.
  const add = async (name: string) => {
    try {
      const made = await send('post', '/persons', {}, { name, unit: unit! })
      onName(made.id, name)
      onChange(f.key, made.id)
    } catch (e) {
      toast.bad(problem(e))
    }
  }
  const options = (query.data ?? []).map(x =>
    'title' in x
      ? { value: x.id, label: x.title || x.number, hint: [x.number, x.unit].filter(Boolean).join(' ') }
      : { value: x.id, label: x.name, hint: x.unit },
  )
  return (
    <Combo
      id={id}
      label={l(f.title)}
      value={value}
      text={value ? (names[value] ?? labels[f.key] ?? value) : ''}
      options={options}
      onSearch={setQ}
      loading={query.isPending}
      clearable={!f.required}
      invalid={invalid}
      describedby={describedby}
      placeholder={m.common.choose}
      {...(path === '/persons' && unit !== undefined ? { onCreate: (name: string) => void add(name) } : {})}
      onChange={v => {
        const o = options.find(x => x.value === v)
        if (v && o) onName(v, o.label)
        onChange(f.key, v)
      }}
    />
  )
}

function GeoInput({ field: f, id, invalid, describedby, draft, onChange }: Props) {
  const { m } = useI18n()
  const g = (draft[f.key] as { lat: string; lon: string } | undefined) ?? { lat: '', lon: '' }
  const [state, setState] = useState<'' | 'busy' | 'none'>('')
  const locate = () => {
    if (!navigator.geolocation) return setState('none')
    setState('busy')
    navigator.geolocation.getCurrentPosition(
      p => {
        setState('')
        onChange(f.key, { lat: p.coords.latitude.toFixed(7), lon: p.coords.longitude.toFixed(7) })
      },
      () => setState('none'),
      { enableHighAccuracy: true, timeout: 20_000 },
    )
  }
  const cls = invalid ? 'input bad' : 'input'
  return (
    <div className="geo" aria-describedby={describedby}>
      <input
        id={id}
        className={cls}
        inputMode="decimal"
        aria-label={m.common.lat}
        placeholder={m.common.lat}
        value={g.lat}
        onChange={e => onChange(f.key, { ...g, lat: e.target.value })}
      />
      <input
        className={cls}
        inputMode="decimal"
        aria-label={m.common.lon}
        placeholder={m.common.lon}
        value={g.lon}
        onChange={e => onChange(f.key, { ...g, lon: e.target.value })}
      />
      <button type="button" className="btn" disabled={state === 'busy'} onClick={locate}>
        <Icon name="pin" />
        {state === 'busy' ? m.form.locating : m.form.locate}
      </button>
      {state === 'none' && (
        <p className="t3 sm" role="status">
          {m.form.noLocation}
        </p>
      )}
    </div>
  )
}

function GroupInput(p: Props) {
  const { field: f, draft, onChange, pointer, faults } = p
  const { m, l } = useI18n()
  const rows = (draft[f.key] as Draft[] | undefined) ?? []
  const set = (i: number, key: string, v: DraftValue) =>
    onChange(
      f.key,
      rows.map((r, j) => (j === i ? { ...r, [key]: v } : r)),
    )
  return (
    <div className="group" role="group" aria-label={l(f.title)}>
      {rows.map((row, i) => (
        <fieldset key={i}>
          <legend>{m.form.rowN({ n: i + 1 })}</legend>
          <button
            type="button"
            className="btn icon s rm"
            aria-label={m.form.removeRow({ n: i + 1 })}
            onClick={() =>
              onChange(
                f.key,
                rows.filter((_, j) => j !== i),
              )
            }
          >
            <Icon name="close" />
          </button>
          <div className="fgrid">
            {(f.fields ?? []).map(x => {
              const at = `${pointer}/${i}/${x.key}`
              return (
                <div key={x.key} className="fcell" id={pointerId(at)}>
                  <FieldBox
                    label={l(x.title)}
                    {...(x.required ? {} : { optional: m.common.optional })}
                    error={faults.find(y => y.pointer === at || y.pointer === `${at}.basis`)?.message}
                  >
                    {a => (
                      <FieldInput
                        {...p}
                        field={x}
                        pointer={at}
                        id={a.id}
                        invalid={a.invalid}
                        describedby={a.describedby}
                        draft={row}
                        phone={p.phone && !isNumeric(x)}
                        labels={rowLabels(p.labels, f.key, i)}
                        onChange={(key, v) => set(i, key, v)}
                      />
                    )}
                  </FieldBox>
                </div>
              )
            })}
          </div>
        </fieldset>
      ))}
      {(f.max === undefined || rows.length < f.max) && (
        <button type="button" id={p.id} className="btn" onClick={() => onChange(f.key, [...rows, {}])}>
          <Icon name="plus" />
          {m.form.addRow({ t: l(f.title) })}
        </button>
      )}
    </div>
  )
}
function rowLabels(labels: { [k: string]: string }, key: string, i: number) {
  const out: { [k: string]: string } = {}
  for (const [k, v] of Object.entries(labels)) {
    const [a, b, c] = k.split(/[./]/)
    if (a === key && b === String(i) && c) out[c] = v
  }
  return out
}
