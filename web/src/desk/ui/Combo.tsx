import { useEffect, useId, useMemo, useRef, useState, type ReactNode } from 'react'
import { useI18n } from '../../shared/i18n'
import { Icon } from './Icon'

export type Option = { value: string; label: string; hint?: string; search?: string; group?: string }
type Props = {
  id?: string
  label: string
  value: string | undefined
  text?: string
  placeholder?: string
  options: Option[]
  onChange: (value: string | undefined) => void
  onSearch?: (q: string) => void
  clearable?: boolean
  onCreate?: (name: string) => void
  invalid?: boolean
  describedby?: string | undefined
  disabled?: boolean
  button?: ReactNode
  className?: string
  right?: boolean
  loading?: boolean
}

/** A flat searchable list behind a button: units with their paths, records, persons. The list never guesses: Enter takes the marked row. */
export function Combo({
  id,
  label,
  value,
  text,
  placeholder,
  options,
  onChange,
  onSearch,
  onCreate,
  clearable,
  invalid,
  describedby,
  disabled,
  button,
  className,
  right,
  loading,
}: Props) {
  const { m } = useI18n()
  const [open, setOpen] = useState(false)
  const [q, setQ] = useState('')
  const [at, setAt] = useState(0)
  const composing = useRef(false)
  const holder = useRef<HTMLSpanElement>(null)
  const trigger = useRef<HTMLButtonElement>(null)
  const list = useRef<HTMLDivElement>(null)
  const listId = useId()
  const shown = useMemo(() => {
    const words = q
      .trim()
      .toLowerCase()
      .split(/[\s/]+/)
      .filter(Boolean)
    return onSearch || !words.length
      ? options
      : options.filter(o => words.every(w => `${o.label} ${o.hint ?? ''} ${o.search ?? ''}`.toLowerCase().includes(w)))
  }, [options, q, onSearch])
  const visible = shown.slice(0, 300)
  const chosen = options.find(o => o.value === value)

  const close = (focus = true) => {
    setOpen(false)
    setQ('')
    onSearch?.('')
    if (focus) trigger.current?.focus()
  }
  const pick = (v: string | undefined) => {
    onChange(v)
    close()
  }
  useEffect(() => {
    if (!open) return
    const away = (e: Event) => {
      if (!holder.current?.contains(e.target as Node)) {
        setOpen(false)
        setQ('')
      }
    }
    document.addEventListener('mousedown', away)
    document.addEventListener('focusin', away)
    return () => {
      document.removeEventListener('mousedown', away)
      document.removeEventListener('focusin', away)
    }
  }, [open])
  useEffect(() => {
    list.current?.querySelector('.active')?.scrollIntoView({ block: 'nearest' })
  }, [at, open])

  const key = (e: React.KeyboardEvent) => {
    if (e.nativeEvent.isComposing || composing.current) return
    if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
      e.preventDefault()
      setAt(i => Math.min(Math.max(i + (e.key === 'ArrowDown' ? 1 : -1), 0), visible.length - 1))
    } else if (e.key === 'Enter') {
      e.preventDefault()
      if (visible[at]) pick(visible[at].value)
      else if (onCreate && q.trim()) {
        onCreate(q.trim())
        close()
      }
    } else if (e.key === 'Escape') {
      e.preventDefault()
      e.stopPropagation()
      close()
    }
  }
  return (
    <span className="pop-holder combo" ref={holder} style={button ? undefined : { display: 'block' }}>
      <button
        type="button"
        id={id}
        ref={trigger}
        disabled={disabled}
        {...(button ? {} : { role: 'combobox', 'aria-invalid': invalid || undefined })}
        aria-controls={open ? listId : undefined}
        className={className ?? (invalid ? 'input bad' : 'input')}
        aria-label={button ? label : `${label}${m.common.colon}${chosen?.label ?? text ?? placeholder ?? ''}`}
        aria-haspopup="listbox"
        aria-expanded={open}
        aria-describedby={describedby}
        onClick={() => {
          setOpen(!open)
          setAt(
            Math.max(
              0,
              options.findIndex(o => o.value === value),
            ),
          )
        }}
      >
        {button ?? (
          <>
            <span className={value ? 'cut' : 'cut ph'}>{chosen?.label ?? (value ? text : undefined) ?? placeholder ?? m.common.choose}</span>
            <Icon name="down" />
          </>
        )}
      </button>
      {open && (
        <div className={right ? 'pop combo-pop right' : 'pop combo-pop'}>
          <div className="find">
            <input
              className="input"
              role="combobox"
              aria-label={label}
              aria-expanded="true"
              aria-controls={listId}
              aria-activedescendant={visible[at] ? `${listId}-${at}` : undefined}
              aria-autocomplete="list"
              placeholder={m.common.search}
              autoFocus
              value={q}
              onKeyDown={key}
              onCompositionStart={() => (composing.current = true)}
              onCompositionEnd={e => {
                composing.current = false
                onSearch?.((e.target as HTMLInputElement).value)
              }}
              onChange={e => {
                setQ(e.target.value)
                setAt(0)
                if (!composing.current) onSearch?.(e.target.value)
              }}
            />
          </div>
          <div className="list" role="listbox" id={listId} aria-label={label} ref={list}>
            {clearable && value && (
              <button type="button" tabIndex={-1} className="opt t2" onClick={() => pick(undefined)}>
                {m.common.clear}
              </button>
            )}
            {visible.map((o, i) => {
              const head = o.group && o.group !== visible[i - 1]?.group ? o.group : ''
              return (
                <div key={o.value} role="presentation">
                  {head && <div className="grp">{head}</div>}
                  <button
                    type="button"
                    role="option"
                    tabIndex={-1}
                    id={`${listId}-${i}`}
                    aria-selected={o.value === value}
                    className={i === at ? 'opt active' : 'opt'}
                    onClick={() => pick(o.value)}
                  >
                    <span className="grow">
                      {o.label}
                      {o.hint && <span className="t3 sm"> {o.hint}</span>}
                    </span>
                  </button>
                </div>
              )
            })}
            {onCreate && q.trim() && !visible.some(o => o.label === q.trim()) && (
              <button
                type="button"
                className="opt"
                onClick={() => {
                  onCreate(q.trim())
                  close()
                }}
              >
                <Icon name="plus" />
                {m.common.create({ name: q.trim() })}
              </button>
            )}
            {!visible.length && !(onCreate && q.trim()) && (
              <p className="t3" style={{ padding: 10 }}>
                {loading ? m.common.loading : m.common.noMatch}
              </p>
            )}
          </div>
        </div>
      )}
    </span>
  )
}
