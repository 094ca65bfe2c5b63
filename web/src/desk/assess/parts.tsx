import { useRouter } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { StatusMark, type Mark } from '../ui/StatusMark'
import type { RunRow } from './types'
import { useI18n } from './texts'

const marks: Record<RunRow['state'], Mark> = { draft: 'draft', checked: 'open', public: 'wait', final: 'ok' }

export function RunState({ state }: { state: RunRow['state'] }) {
  const { m } = useI18n()
  return <StatusMark mark={marks[state]}>{m.sco.states[state]}</StatusMark>
}

/** The last minute that still counts: the server keeps the instant at which it is over. */
export const lastMinute = (until: number) => until - 1

/** A link whose address the server made. */
export function Sourced({ link, children }: { link: string; children: ReactNode }) {
  const router = useRouter()
  return (
    <a
      href={link}
      onClick={e => {
        if (e.ctrlKey || e.metaKey || e.shiftKey) return
        e.preventDefault()
        router.history.push(link)
      }}
    >
      {children}
    </a>
  )
}
