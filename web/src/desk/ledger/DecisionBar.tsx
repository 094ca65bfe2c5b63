import { useEffect, useRef, useState } from 'react'
import { Icon } from '../ui/Icon'
import { Reasons } from './EntryActions'
import { useI18n } from './texts'

export function DecisionBar({
  busy,
  returning,
  setReturning,
  onPass,
  onReturn,
  onPrevious,
  onNext,
  first,
  last,
  mayPass,
  mayReturn,
}: {
  busy: boolean
  returning: boolean
  setReturning: (on: boolean) => void
  onPass: () => void
  onReturn: (reason: string) => void
  onPrevious: () => void
  onNext: () => void
  first: boolean
  last: boolean
  mayPass: boolean
  mayReturn: boolean
}) {
  const { m } = useI18n()
  const [reason, setReason] = useState('')
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (returning) input.current?.focus()
  }, [returning])
  const back = (r = '') => {
    setReason(r)
    setReturning(true)
  }
  return (
    <footer className={returning ? 'decide returning' : 'decide'} aria-label={m.verify.decide}>
      {returning ? (
        <form
          className="retform"
          onSubmit={e => {
            e.preventDefault()
            if (reason.trim()) onReturn(reason.trim())
            else input.current?.focus()
          }}
        >
          <span className="row wrap reason-chips">
            <Reasons
              pick={r => {
                setReason(r)
                input.current?.focus()
              }}
            />
          </span>
          <input
            ref={input}
            className="input"
            aria-label={m.verify.reason}
            placeholder={m.verify.writeReason}
            value={reason}
            onChange={e => setReason(e.target.value)}
            onKeyDown={e => {
              if (e.key === 'Escape') {
                e.preventDefault()
                setReturning(false)
              }
            }}
          />
          <button type="submit" className="btn primary" disabled={busy || !reason.trim()}>
            {m.verify.send}
          </button>
          <button type="button" className="btn" onClick={() => setReturning(false)}>
            {m.common.cancel}
          </button>
        </form>
      ) : (
        <>
          <button type="button" className="btn primary" disabled={busy || !mayPass} onClick={onPass}>
            <Icon name="check" />
            {m.verify.pass} <kbd>A</kbd>
          </button>
          <button type="button" className="btn" disabled={busy || !mayReturn} onClick={() => back()}>
            <Icon name="undo" />
            {m.verify.back} <kbd>R</kbd>
          </button>
          <span className="sep no-phone" />
          <span className="faint rsn">{m.verify.reason}</span>
          {m.entry.reasons.slice(0, 3).map(r => (
            <button type="button" key={r} className="btn slim rsn" disabled={busy || !mayReturn} onClick={() => back(r)}>
              {r}
            </button>
          ))}
          <span className="grow" />
          <button type="button" className="btn quiet no-phone" disabled={first} onClick={onPrevious}>
            {m.verify.prev} <kbd>K</kbd>
          </button>
          <button type="button" className="btn quiet" disabled={last} onClick={onNext}>
            {m.verify.next} <kbd>J</kbd>
          </button>
        </>
      )}
    </footer>
  )
}
