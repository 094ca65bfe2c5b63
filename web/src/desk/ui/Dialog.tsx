import { useId, type FormEvent, type ReactNode } from 'react'
import { createPortal } from 'react-dom'
import { useI18n } from '../../shared/i18n'
import { Icon } from './Icon'
import { layer, useFocusTrap } from './hooks'

type Props = {
  title: string
  onClose: () => void
  onSubmit?: () => void
  submit?: string
  busy?: boolean
  danger?: boolean
  wide?: boolean
  children: ReactNode
  error?: ReactNode
}

/** For decisions that need a pause. Lists and sources never open in one. */
export function Dialog({ title, onClose, onSubmit, submit, busy, danger, wide, children, error }: Props) {
  const { m } = useI18n()
  const id = useId()
  const ref = useFocusTrap<HTMLFormElement>(onClose)
  const go = (e: FormEvent) => {
    e.preventDefault()
    if (!busy) onSubmit?.()
  }
  return createPortal(
    <div className="shade" role="presentation" onMouseDown={e => e.target === e.currentTarget && !busy && onClose()}>
      <form
        className={wide ? 'dialog wide' : 'dialog'}
        role="dialog"
        aria-modal="true"
        aria-labelledby={id}
        ref={ref}
        onSubmit={go}
        noValidate
        tabIndex={-1}
      >
        <header>
          <h2 id={id} className="grow">
            {title}
          </h2>
          <button type="button" className="btn icon s" aria-label={m.common.close} onClick={onClose}>
            <Icon name="close" />
          </button>
        </header>
        <div className="body">
          {error}
          {children}
        </div>
        <footer>
          <button type="button" className="btn" onClick={onClose}>
            {onSubmit ? m.common.cancel : m.common.close}
          </button>
          {onSubmit && (
            <button type="submit" className={danger ? 'btn danger' : 'btn primary'} disabled={busy}>
              {submit ?? m.common.confirm}
            </button>
          )}
        </footer>
      </form>
    </div>,
    layer(),
  )
}
