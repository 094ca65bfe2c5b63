import { plain } from '../../shared/format'
import { basisOf, unitOf } from '../../shared/schema-form/core'
import { Icon } from '../ui/Icon'
import { type Props } from './field'
import { useI18n } from './texts'

export function NumberInput({ field: f, id, invalid, describedby, draft, onChange, phone }: Props) {
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
          {unit && <span className="faint">{unit}</span>}
        </span>
      )}
      {basis && (
        <div className="seg" role="radiogroup" aria-label={m.form.basis}>
          {basis.map(b => (
            <label key={b}>
              <input type="radio" name={`${id}-b`} checked={basisOf(f, draft) === b} onChange={() => onChange(`${f.key}.basis`, b)} />
              <span>{b === 'estimated' ? m.form.estimated : b === 'counted' ? m.form.counted : b}</span>
            </label>
          ))}
        </div>
      )}
    </div>
  )
}
