import { useState } from 'react'
import { Icon } from '../ui/Icon'
import { type Props } from './field'
import { useI18n } from './texts'

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
  const degrees = (way: 'lat' | 'lon', named?: { id: string }) => (
    <input
      {...named}
      className={invalid ? 'input bad' : 'input'}
      inputMode="decimal"
      aria-label={m.common[way]}
      placeholder={m.common[way]}
      value={g[way]}
      onChange={e => onChange(f.key, { ...g, [way]: e.target.value })}
    />
  )
  return (
    <div className="geo" aria-describedby={describedby}>
      {degrees('lat', { id })}
      {degrees('lon')}
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
