import { useState } from 'react'
import { send } from '../../api/client'
import type { Document } from '../../api/answers'
import { useProblemText } from '../ui/States'
import { toast } from '../ui/Toast'
import { useAgain } from './Approval'
import { useI18n } from './texts'

/** The template changed since this draft was written: nobody goes on before the drafter says what becomes of the words. */
export function Renewed({ doc }: { doc: Document }) {
  const { m } = useI18n()
  const again = useAgain()
  const problem = useProblemText()
  const [busy, setBusy] = useState(false)
  const x = doc.renewed
  if (!x) return null
  const renew = async (anew: boolean) => {
    setBusy(true)
    try {
      await send('post', '/documents/{id}/renew', { id: doc.id }, { anew }, { rev: doc.rev })
      toast(m.common.saved)
    } catch (e) {
      toast.bad(problem(e))
    }
    await again()
    setBusy(false)
  }
  return (
    <div className="sumline noprint" role="note">
      <p>{m.docs.renewed({ was: x.was, now: x.now })}</p>
      {x.lost.length > 0 && <p>{m.docs.renewedLost({ list: x.lost })}</p>}
      {doc.may.renew ? (
        <p className="row wrap">
          <button type="button" className="btn slim" disabled={busy} onClick={() => void renew(false)}>
            {m.docs.renewKeep}
          </button>
          <button type="button" className="btn slim" disabled={busy} onClick={() => void renew(true)}>
            {m.docs.renewAnew}
          </button>
        </p>
      ) : (
        <p className="muted">{m.docs.renewWait}</p>
      )}
    </div>
  )
}
