import type { ReactNode } from 'react'
import { Logo } from '../ui/Icon'
import { useI18n } from './texts'
import './signin.css'

/** What stands before the pages: on the left what this is, on the right what it asks for. */
export function Door({ beside, children, top }: { beside?: ReactNode; children: ReactNode; top?: boolean }) {
  const { m } = useI18n()
  return (
    <main className="signin" {...(top ? { 'data-react-aria-top-layer': 'true' } : {})}>
      <section className="say">
        <div className="lock">
          <Logo className="logo-large" />
          <p className="name">{m.app.name}</p>
        </div>
        <p className="line">{m.app.motto}</p>
        <p className="muted">{m.app.platform}</p>
        {beside}
      </section>
      <section className="box">{children}</section>
    </main>
  )
}
