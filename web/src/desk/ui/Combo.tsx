import { useMemo, useRef, useState, type ReactNode } from 'react'
import type { KeyboardEvent } from 'react-aria-components'
import { Autocomplete } from 'react-aria-components/Autocomplete'
import { Header } from 'react-aria-components/Header'
import { Input } from 'react-aria-components/Input'
import { ListBox, ListBoxItem, ListBoxSection } from 'react-aria-components/ListBox'
import { Popover } from 'react-aria-components/Popover'
import { SearchField } from 'react-aria-components/SearchField'
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

/** What is no option, among the keys of the list. */
const CLEAR = '\u0000clear'
const CREATE = '\u0000create'
/** More are found by a word, not by scrolling. */
const SHOWN = 300

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
  const trigger = useRef<HTMLButtonElement>(null)
  const visible = useMemo(() => {
    const words = q
      .trim()
      .toLowerCase()
      .split(/[\s/]+/)
      .filter(Boolean)
    const found = onSearch || !words.length ? options : options.filter(o => words.every(w => `${o.label} ${o.hint ?? ''} ${o.search ?? ''}`.toLowerCase().includes(w)))
    return found.slice(0, SHOWN)
  }, [options, q, onSearch])
  const groups = useMemo(() => {
    const out: { title: string; options: Option[] }[] = []
    for (const o of visible) {
      const last = out[out.length - 1]
      if (last && last.title === (o.group ?? '')) last.options.push(o)
      else out.push({ title: o.group ?? '', options: [o] })
    }
    return out
  }, [visible])
  const chosen = options.find(o => o.value === value)
  const name = q.trim()
  const creates = !!onCreate && !!name && !visible.some(o => o.label === name)

  const show = (on: boolean) => {
    setOpen(on)
    if (on) return
    setQ('')
    onSearch?.('')
  }
  const take = (key: string) => {
    if (key === CREATE) onCreate?.(name)
    else onChange(key === CLEAR ? undefined : key)
    show(false)
  }
  // Tab leaves with the one that was meant; where several or none are, what was typed stands and waits.
  const leave = (e: KeyboardEvent) => {
    if (!name) return
    const same = visible.filter(o => o.label === name)
    const [meant, ...others] = same.length ? same : visible
    e.preventDefault()
    if (meant && !others.length) take(meant.value)
  }
  const row = (o: Option) => (
    <ListBoxItem key={o.value} id={o.value} textValue={o.label} className="opt">
      <span className="grow">
        {o.label}
        {o.hint && <span className="faint small"> {o.hint}</span>}
      </span>
    </ListBoxItem>
  )
  return (
    <span className="combo" style={button ? undefined : { display: 'block' }}>
      <button
        type="button"
        id={id}
        ref={trigger}
        disabled={disabled}
        {...(button ? {} : { role: 'combobox', 'aria-invalid': invalid || undefined })}
        className={className ?? (invalid ? 'input bad' : 'input')}
        aria-label={button ? label : `${label}${m.common.colon}${chosen?.label ?? text ?? placeholder ?? ''}`}
        aria-haspopup="listbox"
        aria-expanded={open}
        aria-describedby={describedby}
        onClick={() => show(!open)}
      >
        {button ?? (
          <>
            <span className={value ? 'cut' : 'cut placeholder'}>{chosen?.label ?? (value ? text : undefined) ?? placeholder ?? m.common.choose}</span>
            <Icon name="down" />
          </>
        )}
      </button>
      <Popover triggerRef={trigger} isOpen={open} onOpenChange={show} placement={right ? 'bottom end' : 'bottom start'} offset={4} className="pop combo-pop" aria-label={label}>
        <Autocomplete
          inputValue={q}
          onInputChange={v => {
            setQ(v)
            onSearch?.(v)
          }}
        >
          {/* Escape closes, whatever was typed. */}
          <SearchField aria-label={label} autoFocus className="find" onKeyDown={e => (e.key === 'Escape' ? show(false) : e.key === 'Tab' && name ? leave(e) : e.continuePropagation())}>
            <Input className="input" placeholder={m.common.search} />
          </SearchField>
          <ListBox
            className="list"
            aria-label={label}
            selectionMode="single"
            selectedKeys={value ? [value] : []}
            onSelectionChange={keys => take(String([...keys][0] ?? value))}
            renderEmptyState={() => <p className="faint none">{loading ? m.common.loading : m.common.noMatch}</p>}
          >
            {groups.map(g =>
              g.title ? (
                <ListBoxSection key={g.title + g.options[0]!.value}>
                  <Header className="grp">{g.title}</Header>
                  {g.options.map(row)}
                </ListBoxSection>
              ) : (
                g.options.map(row)
              ),
            )}
            {creates && (
              <ListBoxItem id={CREATE} textValue={name} className="opt">
                <Icon name="plus" />
                {m.common.create({ name })}
              </ListBoxItem>
            )}
            {clearable && value && !name && (
              <ListBoxItem id={CLEAR} textValue={m.common.clear} className="opt muted">
                {m.common.clear}
              </ListBoxItem>
            )}
          </ListBox>
        </Autocomplete>
      </Popover>
    </span>
  )
}
