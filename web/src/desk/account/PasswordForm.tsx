import { useState, type FormEvent } from 'react'
import { send } from '../../api/client'
import { ProblemError } from '../../api/errors'
import { ErrorBox, TextField } from '../ui/Field'
import { useProblemText } from '../ui/States'
import { useI18n } from './texts'

export function PasswordForm({ submit, onDone }: { submit: string; onDone: () => void }) {
  const { m } = useI18n()
  const problem = useProblemText()
  const [old, setOld] = useState('')
  const [fresh, setFresh] = useState('')
  const [again, setAgain] = useState('')
  const [error, setError] = useState('')
  const [faults, setFaults] = useState<{ old?: string; new?: string; again?: string }>({})
  const [busy, setBusy] = useState(false)
  const go = async (e: FormEvent) => {
    e.preventDefault()
    const f: typeof faults = {}
    if (!old) f.old = m.form.err.required({ f: m.password.old })
    if (fresh.length < 12) f.new = m.password.short
    if (fresh !== again) f.again = m.password.differ
    setFaults(f)
    setError('')
    if (Object.keys(f).length) return
    setBusy(true)
    try {
      await send('put', '/me/password', {}, { old, new: fresh })
      setOld('')
      setFresh('')
      setAgain('')
      onDone()
    } catch (x) {
      const fields: typeof faults = {}
      if (x instanceof ProblemError)
        for (const p of x.problem.errors ?? [])
          if (p.pointer === '/old' || p.pointer === '/new') fields[p.pointer.slice(1) as 'old' | 'new'] = p.detail
      setFaults(fields)
      if (!Object.keys(fields).length) setError(problem(x))
    } finally {
      setBusy(false)
    }
  }
  return (
    <form onSubmit={e => void go(e)} noValidate>
      {error && <ErrorBox>{error}</ErrorBox>}
      <TextField label={m.password.old} type="password" value={old} onChange={setOld} error={faults.old} />
      <div className="gap-3">
        <TextField label={m.password.new} type="password" value={fresh} onChange={setFresh} error={faults.new} hint={m.password.rule} />
      </div>
      <div className="gap-3">
        <TextField label={m.password.again} type="password" value={again} onChange={setAgain} error={faults.again} />
      </div>
      <p className="gap-4">
        <button type="submit" className="btn primary" disabled={busy}>
          {submit}
        </button>
      </p>
    </form>
  )
}
