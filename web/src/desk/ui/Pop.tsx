import { useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { Popover } from 'react-aria-components/Popover'

/** A button and what it opens. Escape and a press outside close it; focus goes back to the button. */
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
  const id = useId()
  const trigger = useRef<HTMLButtonElement>(null)
  // In a list of things to do the arrow keys go from one to the next, as well as Tab.
  const arrows = (e: KeyboardEvent<HTMLElement>) => {
    if (!menu || (e.key !== 'ArrowDown' && e.key !== 'ArrowUp')) return
    e.preventDefault()
    const items = [...e.currentTarget.querySelectorAll<HTMLElement>('a, button, input')]
    const at = items.indexOf(document.activeElement as HTMLElement)
    const next = at < 0 && e.key === 'ArrowUp' ? items.length - 1 : at + (e.key === 'ArrowDown' ? 1 : -1)
    items[(next + items.length) % items.length]?.focus()
  }
  return (
    <>
      <button type="button" id={id} ref={trigger} className={className} aria-label={label} aria-haspopup="dialog" aria-expanded={open} onClick={() => set(!open)}>
        {button}
      </button>
      <Popover triggerRef={trigger} isOpen={open} onOpenChange={set} placement={right ? 'bottom end' : 'bottom start'} offset={4} className={popClass} aria-labelledby={id}>
        <div role="presentation" onKeyDown={arrows}>
          {children(() => set(false))}
        </div>
      </Popover>
    </>
  )
}
