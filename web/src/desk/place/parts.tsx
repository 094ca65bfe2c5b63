import { StatusMark, type Mark } from '../ui/StatusMark'
import type { Body, Label } from './types'
import { useI18n } from './texts'

const marks: Record<string, Mark> = { proposed: 'draft', consulted: 'wait', approved: 'wait', open: 'ok', suspended: 'late', retired: 'void', dropped: 'void' }

export function PlaceState({ state }: { state: string }) {
  const { m } = useI18n()
  return <StatusMark mark={marks[state] ?? 'open'}>{m.places.states[state] ?? state}</StatusMark>
}

export const COLOURS: Record<string, string> = { food: 'var(--waste-food)', recyclable: 'var(--waste-recyclable)', hazard: 'var(--waste-hazard)', other: 'var(--waste-other)' }

export const clock = (minute: number) => `${Math.floor(minute / 60)}:${String(minute % 60).padStart(2, '0')}`

export function HoursText({ hours }: { hours: Body['hours'] }) {
  const { m } = useI18n()
  if (!hours.length || (hours.length === 1 && hours[0]!.from === 0 && hours[0]!.until === 1440)) return <>{m.places.allDay}</>
  return <>{hours.map(h => `${clock(h.from)}–${clock(h.until)}`).join('　')}</>
}

export function QR({ label, size = 160 }: { label: Label; size?: number }) {
  const { m } = useI18n()
  return (
    <svg className="place-code" width={size} height={size} viewBox={`0 0 ${label.modules} ${label.modules}`} role="img" aria-label={`${m.places.qr} ${label.code}`} shapeRendering="crispEdges">
      <rect width={label.modules} height={label.modules} fill="#fff" />
      <path d={label.path} fill="#000" />
    </svg>
  )
}
