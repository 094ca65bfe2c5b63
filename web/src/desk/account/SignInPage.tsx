import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState, type FormEvent } from 'react'
import { get, send } from '../../api/client'
import type { Me } from '../../api/answers'
import { ErrorBox, FieldBox } from '../ui/Field'
import { Icon } from '../ui/Icon'
import { useProblemText } from '../ui/States'
import { StatusMark } from '../ui/StatusMark'
import { useTitle } from '../ui/hooks'
import { Door } from './Door'
import { useI18n } from './texts'

export default function SignInPage() {
  const { m, l, lang, setLang } = useI18n()
  useEffect(() => {
    const page = document.title // of the page behind, if a session ended under one
    return () => {
      document.title = page
    }
  }, [])
  useTitle(m.signin.title)
  const client = useQueryClient()
  const problem = useProblemText()
  const [login, setLogin] = useState('')
  const [password, setPassword] = useState('')
  const [shown, setShown] = useState(false)
  const [busy, setBusy] = useState('')
  const [error, setError] = useState('')
  const [faults, setFaults] = useState<{ login?: string; password?: string }>({})
  const first = useRef<HTMLInputElement>(null)
  const second = useRef<HTMLInputElement>(null)
  const [large, setLarge] = useState(document.documentElement.classList.contains('large'))
  const demo = useQuery({ queryKey: ['demo'], queryFn: () => get('/demo', {}), retry: false, staleTime: Infinity })
  const insecure = location.protocol === 'http:' && !/^(localhost|127\.|\[::1\])/.test(location.host)

  const enter = async (who: string, secret: string, key: string) => {
    setBusy(key)
    setError('')
    try {
      const me = await send('post', '/session', {}, { login: who, password: secret })
      const same = client.getQueryData<Me>(['me'])?.person === me.person
      if (!same) {
        sessionStorage.removeItem('sifen.landed')
        client.removeQueries({ predicate: q => q.queryKey[0] !== 'me' })
      }
      client.setQueryData(['me'], me)
      if (same) {
        void client.invalidateQueries({ predicate: q => q.queryKey[0] !== 'me' })
        dispatchEvent(new Event('sifen:signed-in'))
      }
    } catch (e) {
      setError(problem(e))
      setBusy('')
      second.current?.select()
    }
  }
  const submit = (e: FormEvent) => {
    e.preventDefault()
    const f = { ...(login.trim() ? {} : { login: m.signin.needLogin }), ...(password ? {} : { password: m.signin.needPassword }) }
    setFaults(f)
    if (f.login) first.current?.focus()
    else if (f.password) second.current?.focus()
    else void enter(login.trim(), password, 'form')
  }
  const [a, b, c] = m.signin.sample.text
  return (
    <Door
      top
      beside={
        <div className="demo" aria-hidden="true">
          <p>
            {a}
            <span className="fig on">304</span>
            {b}
            <span className="fig">{lang === 'en' ? '61,240' : '6.1\u4e07\u4f59'}</span>
            {c}
          </p>
          <div className="leaf">
            <span>
              <StatusMark mark="ok">{m.state.counted}</StatusMark>
            </span>
            <b>304</b>
            <span className="ind faint">{m.state.notCounted}</span>
            <b>9</b>
            <span>{m.signin.sample.total}</span>
            <b>313</b>
          </div>
          <p className="cap">{m.signin.sample.caption}</p>
        </div>
      }
    >
      <div className="in">
        <form onSubmit={submit} noValidate>
          <h1>{m.signin.title}</h1>
          {insecure && (
            <p className="strip gap-3">
              <Icon name="lock" />
              {m.signin.insecure}
            </p>
          )}
          {error && (
            <div className="gap-3">
              <ErrorBox>{error}</ErrorBox>
            </div>
          )}
          <FieldBox label={m.signin.login} error={faults.login}>
            {x => (
              <input
                ref={first}
                id={x.id}
                className={x.invalid ? 'input bad' : 'input'}
                aria-invalid={x.invalid || undefined}
                aria-describedby={x.describedby}
                autoComplete="username"
                autoFocus
                value={login}
                onChange={e => {
                  setLogin(e.target.value)
                  setFaults({})
                }}
              />
            )}
          </FieldBox>
          <FieldBox label={m.signin.password} error={faults.password}>
            {x => (
              <span className="password">
                <input
                  ref={second}
                  id={x.id}
                  type={shown ? 'text' : 'password'}
                  className={x.invalid ? 'input bad' : 'input'}
                  aria-invalid={x.invalid || undefined}
                  aria-describedby={x.describedby}
                  autoComplete="current-password"
                  value={password}
                  onChange={e => {
                    setPassword(e.target.value)
                    setFaults({})
                  }}
                />
                <button type="button" className="link show" aria-pressed={shown} onClick={() => setShown(!shown)}>
                  {shown ? m.signin.hide : m.signin.show}
                </button>
              </span>
            )}
          </FieldBox>
          <button className="btn primary" type="submit" disabled={!!busy}>
            {busy === 'form' ? m.signin.going : m.signin.submit}
          </button>
          <p className="muted help">{m.signin.forgot}</p>
        </form>
        {demo.data && demo.data.accounts.length > 0 && (
          <section className="accounts" aria-label={m.signin.demo}>
            <div className="or">
              <span>{m.signin.demo}</span>
            </div>
            <p className="small faint">{m.signin.demoHint}</p>
            <ul>
              {demo.data.accounts.map(x => (
                <li key={x.login}>
                  <button type="button" disabled={!!busy} onClick={() => void enter(x.login, x.password, x.login)}>
                    <span className="ava" aria-hidden="true">
                      {x.name.slice(0, 1)}
                    </span>
                    <span className="grow">
                      <b>{x.name}</b>
                      <span className="small faint"> {l(x.role)}</span>
                      <br />
                      <span className="small muted">{x.unit}</span>
                    </span>
                    <Icon name="right" />
                  </button>
                </li>
              ))}
            </ul>
          </section>
        )}
      </div>
      <footer className="small faint">
        <span>{m.signin.pause}</span>
        <span className="row">
          <button
            type="button"
            className="link"
            aria-pressed={large}
            onClick={() => {
              const on = document.documentElement.classList.toggle('large')
              setLarge(on)
              try {
                localStorage.setItem('sifen.large', on ? '1' : '0')
              } catch {
                /* lasts for this page */
              }
            }}
          >
            {large ? m.app.normal : m.app.large}
          </button>
          <button type="button" className="link" lang={lang === 'en' ? 'zh-CN' : 'en'} onClick={() => setLang(lang === 'en' ? 'zh' : 'en')}>
            {m.app.language}
          </button>
        </span>
      </footer>
    </Door>
  )
}
