import { useState } from 'react'
import { useProblemText } from './States'

/** One thing a dialog does: busy while it runs, and what went wrong in words. Whether it went right is answered. */
export function useRun() {
  const problem = useProblemText()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState('')
  const run = async (what: () => Promise<unknown>) => {
    setBusy(true)
    setError('')
    try {
      await what()
      return true
    } catch (e) {
      setError(problem(e))
      return false
    } finally {
      setBusy(false)
    }
  }
  return { busy, error, run }
}
