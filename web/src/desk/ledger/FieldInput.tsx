import { isNumeric, pointerId, type Draft, type DraftValue } from '../../shared/schema-form/core'
import { DayInput } from '../ui/DayInput'
import { FieldBox } from '../ui/Field'
import { Icon } from '../ui/Icon'
import { UnitSelect } from '../ui/Scope'
import { PhotoInput } from './PhotoInput'
import { type Props } from './field'
import { NumberInput } from './NumberInput'
import { Lookup } from './LookupInput'
import { GeoInput } from './GeoInput'
import { useI18n } from './texts'

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
            className="btn icon slim drop-row"
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
                        {...a}
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
