import { useEffect, useState } from 'react'
import { Icon } from './Icon'

type Note = { id: number; text: string; bad: boolean; action?: { text: string; run: () => void } }
let next = 1
let listener: (n: Note) => void = () => {}
const show = (text: string, bad: boolean, action?: Note['action']) => listener({ id: next++, text, bad, ...(action ? { action } : {}) })

export const toast = Object.assign((text: string, action?: Note['action']) => show(text, false, action), { bad: (text: string) => show(text, true) })

export function Toasts() {
  const [notes, set] = useState<Note[]>([])
  useEffect(() => {
    listener = n => {
      set(old => [...old.slice(-2), n])
      setTimeout(() => set(old => old.filter(x => x.id !== n.id)), n.bad || n.action ? 8000 : 3500)
    }
    return () => {
      listener = () => {}
    }
  }, [])
  return (
    <div className="toasts" role="status" aria-live="polite" data-react-aria-top-layer="true">
      {notes.map(n => (
        <div key={n.id} className={n.bad ? 'toast bad' : 'toast'}>
          <Icon name={n.bad ? 'warn' : 'check'} />
          {n.text}
          {n.action && (
            <button type="button" onClick={n.action.run}>
              {n.action.text}
            </button>
          )}
        </div>
      ))}
    </div>
  )
}
