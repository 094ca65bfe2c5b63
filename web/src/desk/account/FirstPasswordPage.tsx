import { useQueryClient } from '@tanstack/react-query'
import { toast } from '../ui/Toast'
import { useTitle } from '../ui/hooks'
import { PasswordForm } from './PasswordForm'
import { Door } from './Door'
import { useI18n } from './texts'

export default function FirstPasswordPage() {
  const { m } = useI18n()
  useTitle(m.password.title)
  const client = useQueryClient()
  return (
    <Door>
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
    </Door>
  )
}
