import type { ReactNode } from 'react'

export type Mark = 'draft' | 'wait' | 'ok' | 'back' | 'void' | 'late' | 'open'

const shapes: Record<Mark, ReactNode> = {
  draft: <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" strokeWidth="1.8" strokeDasharray="2.6 2.1" />,
  wait: (
    <>
      <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" strokeWidth="1.8" />
      <path d="M8 2a6 6 0 0 1 0 12z" fill="currentColor" />
    </>
  ),
  ok: (
    <>
      <circle cx="8" cy="8" r="7" fill="currentColor" />
      <path d="m4.8 8.3 2.3 2.3 4.2-4.7" fill="none" stroke="#fff" strokeWidth="1.8" strokeLinecap="round" strokeLinejoin="round" />
    </>
  ),
  back: (
    <>
      <path d="M1.5 1.5h13v13h-13z" fill="currentColor" />
      <path
        d="M7 4.6 4.4 7.2 7 9.8M4.4 7.2h4.4a2.3 2.3 0 0 1 0 4.6H7"
        fill="none"
        stroke="#fff"
        strokeWidth="1.6"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </>
  ),
  void: (
    <>
      <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" strokeWidth="1.8" />
      <path d="m3.8 12.2 8.4-8.4" stroke="currentColor" strokeWidth="1.8" />
    </>
  ),
  open: <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" strokeWidth="1.8" />,
  late: (
    <>
      <path d="M8 1.2 15.4 14.6H.6z" fill="currentColor" />
      <path d="M8 6v4M8 12.2v.1" stroke="#fff" strokeWidth="1.8" strokeLinecap="round" />
    </>
  ),
}

/** A shape, then a word, then a colour. */
export function StatusMark({ mark, children }: { mark: Mark; children: ReactNode }) {
  return (
    <span className={`status status-${mark === 'open' ? 'draft' : mark}`}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        {shapes[mark]}
      </svg>
      {children}
    </span>
  )
}
