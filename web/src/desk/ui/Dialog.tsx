import { useEffect, useRef, type FormEvent, type ReactNode } from 'react'
import { Dialog as Box } from 'react-aria-components/Dialog'
import { Heading } from 'react-aria-components/Heading'
import { Modal, ModalOverlay } from 'react-aria-components/Modal'
import { useI18n } from '../../shared/i18n'
import { ErrorBox } from './Field'
import { Icon } from './Icon'
import { useRun } from './useRun'

type Props = {
  title: string
  onClose: () => void
  onSubmit?: (() => void) | undefined
  submit?: string
  busy?: boolean
  danger?: boolean
  wide?: boolean
  children: ReactNode
  error?: string
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
              {error && <ErrorBox>{error}</ErrorBox>}
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

type FormProps = Omit<Props, 'onSubmit' | 'busy' | 'error'> & {
  /** Whether the form is complete; shows what is missing. */
  check?: () => boolean
  /** Sends the form and closes the dialog; absent where there is nothing to send. */
  onSubmit?: ((op: string) => Promise<unknown>) | undefined
}

/** A dialog that sends one form: busy while that runs, and what went wrong stands above the fields. The button says the title where it says nothing else. */
export function FormDialog({ check, onSubmit, submit, ...rest }: FormProps) {
  const { busy, error, run } = useRun()
  const go = () => {
    if (!check || check()) void run(onSubmit!)
  }
  return <Dialog {...rest} submit={submit ?? rest.title} busy={busy} error={error} onSubmit={onSubmit && go} />
}
