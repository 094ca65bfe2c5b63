import { useState } from 'react'
import { useI18n } from '../../shared/i18n'
import { Icon } from '../ui/Icon'
import { type Props } from './field'

export function GeoInput({ field: f, id, invalid, describedby, draft, onChange }: Props) {
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
        <p className="faint small" role="status">
          {m.form.noLocation}
        </p>
      )}
    </div>
  )
}
