import { useEffect, useRef, type FormEvent, type ReactNode } from 'react'
import { Dialog as Box } from 'react-aria-components/Dialog'
import { Heading } from 'react-aria-components/Heading'
import { Modal, ModalOverlay } from 'react-aria-components/Modal'
import { useI18n } from '../../shared/i18n'
import { Icon } from './Icon'

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
  const form = useRef<HTMLFormElement>(null)
  // The field a dialog is about has the focus at once.
  useEffect(() => form.current?.querySelector<HTMLElement>('[data-autofocus]')?.focus(), [])
  const go = (e: FormEvent) => {
    e.preventDefault()
    if (!busy) onSubmit?.()
  }
  return (
    <ModalOverlay className="shade" isOpen isDismissable={!busy} onOpenChange={open => !open && onClose()}>
      <Modal className={wide ? 'dialog wide' : 'dialog'}>
        <Box>
          <form ref={form} onSubmit={go} noValidate>
            <header>
              <Heading slot="title" level={2} className="grow">
                {title}
              </Heading>
              <button type="button" className="btn icon slim" aria-label={m.common.close} onClick={onClose}>
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
        </Box>
      </Modal>
    </ModalOverlay>
  )
}
