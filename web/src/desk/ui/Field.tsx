import { useId, type ReactNode, type RefObject } from 'react'
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

/** Several lines of text. */
export function TextArea({
  label,
  value,
  onChange,
  error,
  hint,
  optional,
  rows,
  maxLength,
  autoFocus,
  box,
}: {
  label: string
  value: string
  onChange: (v: string) => void
  error?: string | undefined
  hint?: string | undefined
  optional?: string
  rows?: number
  maxLength?: number
  autoFocus?: boolean
  box?: RefObject<HTMLTextAreaElement | null>
}) {
  return (
    <FieldBox label={label} error={error} hint={hint} {...(optional ? { optional } : {})}>
      {a => (
        <textarea
          id={a.id}
          ref={box}
          className={a.invalid ? 'input bad' : 'input'}
          rows={rows}
          maxLength={maxLength}
          aria-invalid={a.invalid || undefined}
          aria-describedby={a.describedby}
          data-autofocus={autoFocus || undefined}
          value={value}
          onChange={e => onChange(e.target.value)}
        />
      )}
    </FieldBox>
  )
}

type Options<K> = readonly { value: K; label: string }[] | undefined

/** One of a few, where there is no label above it; none is what stands first where nothing need be chosen. */
export function Select<K extends string>({
  id,
  label,
  value,
  onChange,
  options,
  none,
  invalid,
  describedby,
}: {
  id?: string
  label?: string
  value: K | ''
  onChange: (v: K | '') => void
  options: Options<K>
  none?: string | undefined
  invalid?: boolean
  describedby?: string | undefined
}) {
  return (
    <select
      id={id}
      aria-label={label}
      className={invalid ? 'input bad' : 'input'}
      aria-describedby={describedby}
      value={value}
      onChange={e => onChange(e.target.value as K)}
    >
      {none !== undefined && <option value="">{none}</option>}
      {options?.map(o => (
        <option key={o.value} value={o.value}>
          {o.label}
        </option>
      ))}
    </select>
  )
}

/** The same with its label above and its fault below. */
export function SelectField<K extends string>({
  label,
  value,
  onChange,
  options,
  none,
  error,
  hint,
}: {
  label: string
  value: K | ''
  onChange: (v: K) => void
  options: Options<K>
  none?: string
  error?: string | undefined
  hint?: string | undefined
}) {
  return (
    <FieldBox label={label} error={error} hint={hint}>
      {a => (
        <Select id={a.id} invalid={a.invalid} describedby={a.describedby} value={value} onChange={v => onChange(v as K)} options={options} none={none} />
      )}
    </FieldBox>
  )
}

/** One file from the device. */
export function FileField({
  label,
  accept,
  onPick,
  error,
  hint,
  className,
}: {
  label: string
  accept: string
  onPick: (file: File | null) => void
  error?: string | undefined
  hint?: string
  className: string
}) {
  return (
    <FieldBox label={label} error={error} hint={hint}>
      {a => (
        <input
          id={a.id}
          type="file"
          className={`input ${className}`}
          accept={accept}
          aria-describedby={a.describedby}
          aria-invalid={a.invalid || undefined}
          onChange={e => onPick(e.target.files?.[0] ?? null)}
        />
      )}
    </FieldBox>
  )
}

/** Narrows a list by words. */
export function Find({ label, value, onChange }: { label: string; value: string; onChange: (v: string) => void }) {
  return (
    <div className="find">
      <input className="input" type="search" aria-label={label} placeholder={label} value={value} onChange={e => onChange(e.target.value)} />
    </div>
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
