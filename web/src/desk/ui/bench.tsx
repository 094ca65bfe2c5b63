import type { ReactNode } from 'react'

/** One thing to do on the work bench: how it stands, what it is, why, and the way to do it. */
export function Item({ id, mark, title, why, action }: { id?: string; mark: ReactNode; title: ReactNode; why: ReactNode; action: ReactNode }) {
  return (
    <li id={id}>
      <span className="mark-cell">{mark}</span>
      {title}
      <span className="why">{why}</span>
      {action}
    </li>
  )
}
