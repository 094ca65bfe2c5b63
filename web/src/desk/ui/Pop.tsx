import { useEffect, useId, useRef, useState, type ReactNode } from 'react'

/** A button and what it opens. Escape and a click outside close it; focus goes back to the button. */
export function Pop({
  label,
  button,
  className,
  right,
  children,
  menu,
  popClass = 'pop',
}: {
  label?: string
  button: ReactNode
  className: string
  right?: boolean
  children: (close: () => void) => ReactNode
  menu?: boolean
  popClass?: string
}) {
  const [open, set] = useState(false)
  const holder = useRef<HTMLSpanElement>(null)
  const id = useId()
  const close = () => {
    set(false)
    document.getElementById(`${id}-b`)?.focus()
  }
  useEffect(() => {
    if (!open) return
    const away = (e: Event) => !holder.current?.contains(e.target as Node) && set(false)
    document.addEventListener('mousedown', away)
    document.addEventListener('focusin', away)
    return () => {
      document.removeEventListener('mousedown', away)
      document.removeEventListener('focusin', away)
    }
  }, [open])
  return (
    <span
      className="pop-holder"
      ref={holder}
      role="presentation"
      onKeyDown={e => {
        if (!open) return
        if (e.key === 'Escape') {
          e.preventDefault()
          e.stopPropagation()
          close()
        }
        if (menu && (e.key === 'ArrowDown' || e.key === 'ArrowUp')) {
          e.preventDefault()
          const items = [...(holder.current?.querySelectorAll<HTMLElement>('.opt') ?? [])]
          const at = items.indexOf(document.activeElement as HTMLElement)
          items[(at + (e.key === 'ArrowDown' ? 1 : -1) + items.length) % items.length]?.focus()
        }
      }}
    >
      <button
        type="button"
        id={`${id}-b`}
        className={className}
        aria-label={label}
        aria-haspopup={menu ? 'true' : 'dialog'}
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => set(!open)}
      >
        {button}
      </button>
      {open && (
        <div id={id} className={right ? `${popClass} right` : popClass}>
          {children(close)}
        </div>
      )}
    </span>
  )
}
