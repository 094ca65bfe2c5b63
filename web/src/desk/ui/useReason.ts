import { useState } from 'react'

/** The reason a decision needs: its words, the field they are written in, and the check that asks for them. */
export function useReason(missing: string) {
  const [value, setValue] = useState('')
  const [error, setError] = useState('')
  const reason = value.trim()
  const check = () => {
    setError(reason ? '' : missing)
    return !!reason
  }
  const onChange = (text: string) => {
    setValue(text)
    setError('')
  }
  return { reason, check, field: { value, error, onChange } }
}
