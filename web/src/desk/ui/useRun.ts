import { useRef, useState } from 'react'
import { uuid } from '../../shared/uuid'
import { useProblemText } from './States'

/** One thing a dialog does: busy while it runs, and what went wrong in words. It is given the id of the operation, which is another one after a failure. */
export function useRun() {
  const problem = useProblemText()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState('')
  const op = useRef(uuid())
  const run = async (what: (op: string) => Promise<unknown>) => {
    setBusy(true)
    setError('')
    try {
      await what(op.current)
    } catch (e) {
      setError(problem(e))
      op.current = uuid()
    }
    setBusy(false)
  }
  return { busy, error, setError, run }
}
