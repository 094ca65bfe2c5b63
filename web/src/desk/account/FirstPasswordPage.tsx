import { useQueryClient } from '@tanstack/react-query'
import { Logo } from '../ui/Icon'
import { toast } from '../ui/Toast'
import { useTitle } from '../ui/hooks'
import { PasswordForm } from './PasswordForm'
import { useI18n } from './texts'
import './signin.css'

export default function FirstPasswordPage() {
  const { m } = useI18n()
  useTitle(m.password.title)
  const client = useQueryClient()
  return (
    <main className="signin">
      <section className="say">
        <div className="lock">
          <Logo className="logo-large" />
          <p className="name">{m.app.name}</p>
        </div>
        <p className="line">{m.app.motto}</p>
        <p className="muted">{m.app.platform}</p>
      </section>
      <section className="box">
        <div className="in">
          <h1>{m.password.title}</h1>
          <p className="muted gap-2">{m.password.why}</p>
          <div className="gap-4">
            <PasswordForm
              submit={m.password.submit}
              onDone={() => {
                toast(m.password.done)
                void client.invalidateQueries({ queryKey: ['me'] })
              }}
            />
          </div>
        </div>
      </section>
    </main>
  )
}
