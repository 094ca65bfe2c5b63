import { useState } from 'react'
import { useProblemText } from './States'
import { toast } from './Toast'

/** What a button of a page does at once: busy while it runs, and what went wrong is said at the edge of the page. */
export function useAct() {
  const problem = useProblemText()
  const [busy, setBusy] = useState(false)
  const act = async (what: () => Promise<unknown>) => {
    setBusy(true)
    try {
      await what()
    } catch (e) {
      toast.bad(problem(e))
    }
    setBusy(false)
  }
  return { busy, act }
}
