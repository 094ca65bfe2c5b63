import { useState } from 'react'
import { send } from '../../api/client'
import { longDay } from '../../shared/format'
import { toast } from '../ui/Toast'
import { useMe, useTitle } from '../ui/hooks'
import { useAct } from '../ui/useAct'
import { PasswordForm } from './PasswordForm'
import { useI18n } from './texts'
import './account.css'

export default function MePage() {
  const { m, l, lang, setLang } = useI18n()
  const me = useMe()
  useTitle(m.me.title)
  const { busy, act } = useAct()
  const [large, setLarge] = useState(document.documentElement.classList.contains('large'))
  const everywhere = async () => {
    await send('delete', '/me/sessions', {})
    toast(m.me.signedOut)
  }
  const flip = () => {
    const on = document.documentElement.classList.toggle('large')
    setLarge(on)
    try {
      localStorage.setItem('sifen.large', on ? '1' : '0')
    } catch {
      // lasts for this page
    }
  }
  return (
    <div className="page">
      <header>
        <h1>{me.name}</h1>
        <span className="faint">{me.login}</span>
        <span className="muted">{me.unit.name}</span>
      </header>
      <div className="mecols">
        <section>
          <h2>{m.me.grants}</h2>
          <ul className="plain-list gap-2">
            {me.grants.map(g => (
              <li key={g.id}>
                <b>{l(g.role_title)}</b>
                <span className="muted">{g.unit.path || g.unit.name}</span>
                {g.until && (
                  <span className="faint small">
                    {m.common.until} {longDay(g.until, lang)}
                  </span>
                )}
              </li>
            ))}
          </ul>
          <p className="row wrap gap-4">
            <button type="button" className="btn" lang={lang === 'en' ? 'zh-CN' : 'en'} onClick={() => setLang(lang === 'en' ? 'zh' : 'en')}>
              {m.app.language}
            </button>
            <button type="button" className="btn" aria-pressed={large} onClick={flip}>
              {large ? m.app.normal : m.app.large}
            </button>
          </p>
          <p className="gap-4">
            <button type="button" className="btn" disabled={busy} onClick={() => void act(everywhere)}>
              {m.me.signoutAll}
            </button>
          </p>
          <p className="small faint gap-1">{m.me.signoutAllHint}</p>
          <p className="small faint gap-4">{m.me.version({ v: me.version })}</p>
        </section>
        <section>
          <h2>{m.password.change}</h2>
          <div className="gap-2 narrow">
            <PasswordForm submit={m.password.change} onDone={() => toast(m.password.done)} />
          </div>
        </section>
      </div>
    </div>
  )
}
