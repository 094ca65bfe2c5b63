import { useId, type ReactNode } from 'react'
import { Icon } from './Icon'

/** Label above, control, then its fault. */
export function FieldBox({
  label,
  error,
  hint,
  optional,
  children,
  className = '',
}: {
  label: string
  error?: string | undefined
  hint?: string | undefined
  optional?: string
  children: (a: { id: string; describedby: string | undefined; invalid: boolean }) => ReactNode
  className?: string
}) {
  const id = useId()
  const described = error ? `${id}-e` : hint ? `${id}-h` : undefined
  return (
    <div className={`field ${className}`}>
      <label htmlFor={id}>
        {label}
        {optional && <span className="faint small"> {optional}</span>}
      </label>
      {children({ id, describedby: described, invalid: !!error })}
      {hint && !error && (
        <p className="small faint gap-1" id={`${id}-h`}>
          {hint}
        </p>
      )}
      {error && (
        <p className="err" id={`${id}-e`}>
          <Icon name="warn" />
          {error}
        </p>
      )}
    </div>
  )
}

export function TextField({
  label,
  value,
  onChange,
  error,
  hint,
  type = 'text',
  optional,
  autoFocus,
  list,
  inputMode,
}: {
  label: string
  value: string
  onChange: (v: string) => void
  error?: string | undefined
  hint?: string
  type?: string
  optional?: string
  autoFocus?: boolean
  list?: string
  inputMode?: 'numeric' | 'text'
}) {
  return (
    <FieldBox label={label} error={error} hint={hint} {...(optional ? { optional } : {})}>
      {a => (
        <input
          id={a.id}
          type={type}
          className={a.invalid ? 'input bad' : 'input'}
          aria-invalid={a.invalid || undefined}
          aria-describedby={a.describedby}
          value={value}
          onChange={e => onChange(e.target.value)}
          data-autofocus={autoFocus || undefined}
          list={list}
          inputMode={inputMode}
          autoComplete={type === 'password' ? 'new-password' : 'off'}
        />
      )}
    </FieldBox>
  )
}

export function ErrorBox({ children }: { children: ReactNode }) {
  return (
    <div className="errsum" role="alert">
      <p className="row">
        <Icon name="warn" />
        <span>{children}</span>
      </p>
    </div>
  )
}
