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
    <main className="si">
      <section className="say">
        <div className="lock">
          <Logo className="lg" />
          <p className="nm">{m.app.name}</p>
        </div>
        <p className="ln">{m.app.motto}</p>
        <p className="t2">{m.app.platform}</p>
      </section>
      <section className="box">
        <div className="in">
          <h1>{m.password.title}</h1>
          <p className="t2 mt2">{m.password.why}</p>
          <div className="mt4">
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
