import { Suspense, lazy } from 'react'
import { useIsPhone } from './hooks'

const Picker = lazy(() => import('./DayPicker'))
export type DayInputProps = {
  id?: string
  value: string
  onChange: (day: string) => void
  invalid?: boolean
  describedby?: string | undefined
  min?: string
  max?: string
  label?: string
  disabled?: boolean
}

/** A day: the phone's own wheel on phones, a calendar in the chosen language on the desk. */
export function DayInput(props: DayInputProps) {
  const phone = useIsPhone()
  const plain = (
    <input
      id={props.id}
      type="date"
      className={props.invalid ? 'input bad' : 'input'}
      aria-label={props.label}
      aria-invalid={props.invalid || undefined}
      aria-describedby={props.describedby}
      min={props.min}
      max={props.max}
      value={props.value}
      disabled={props.disabled}
      onChange={e => props.onChange(e.target.value)}
    />
  )
  return phone ? (
    plain
  ) : (
    <Suspense fallback={plain}>
      <Picker {...props} />
    </Suspense>
  )
}
