import { useEffect, useState, type FormEvent } from 'react'
import { send } from '../api/client'
import { ProblemError } from '../api/errors'
import { Icon, Logo } from '../shared/Icon'
import { StatusMark } from '../shared/Mark'
import { refresh } from './day'
import { go, useStore } from './hooks'
import { room, Sheet, size, Tabs, Top, TopBack, WayBar } from './parts'
import { setWay, sync } from './send'
import { anchor, bus, changed, setWho, unsent, who } from './store'
import { useI18n } from './texts'

export const HAND = 'sifen.field.hand'

/** 我的: who is signed in, language, hand, room, and what this phone can do. */
export function Mine() {
  const { m, lang, setLang } = useI18n()
  const me = useStore(async () => who())
  const left = useStore(unsent)
  const space = useStore(room)
  const [ask, setAsk] = useState(false)
  const [said, setSaid] = useState('')
  const [hand, setHand] = useState(document.documentElement.dataset.hand ?? 'right')
  const n = (left?.records ?? 0) + (left?.photos ?? 0)
  const out = async () => {
    try {
      await send('delete', '/session', {})
      setWho(null)
      setWay('signed-out')
      go('in', {}, true)
      changed()
    } catch (e) {
      if (e instanceof ProblemError && e.problem.status === 401) {
        setWho(null)
        go('in', {}, true)
      } else setSaid(m.field.signOutOff)
    }
  }
  const take = (h: string) => {
    setHand(h)
    document.documentElement.setAttribute('data-hand', h)
    try {
      localStorage.setItem(HAND, h)
    } catch {
      // lasts for this page
    }
  }
  return (
    <div className="field">
      <Top title={me?.name || m.field.mine} note={me?.unit ?? ''} />
      <WayBar />
      <main className="field-main field-mine">
        <button type="button" className="field-row" onClick={() => void refresh()}>
          <span className="grow">{m.field.refresh}</span>
          <Icon name="download" size={20} />
        </button>
        <button type="button" className="field-row" onClick={() => go('check')}>
          <span className="grow">{m.field.selfCheck}</span>
          <Icon name="right" size={20} />
        </button>
        <div className="field-row">
          <span className="grow">{m.field.hand}</span>
          {['left', 'right'].map(h => (
            <button key={h} type="button" className="tap" aria-pressed={hand === h} onClick={() => take(h)}>
              {h === 'left' ? m.field.left : m.field.right}
            </button>
          ))}
        </div>
        <button type="button" className="field-row" onClick={() => setLang(lang === 'en' ? 'zh' : 'en')}>
          <span className="grow" lang={lang === 'en' ? 'zh-CN' : 'en'}>
            {m.app.language}
          </span>
        </button>
        {space && space.free < Infinity && <p className="field-side">{m.field.store({ a: size(space.used), b: size(space.free) })}</p>}
        <a className="field-row" href="/inspect">
          <span className="grow">{m.field.toDesk}</span>
          <Icon name="right" size={20} />
        </a>
        <button type="button" className="field-row" onClick={() => (n > 0 ? setAsk(true) : void out())}>
          <span className="grow">{m.field.signOut}</span>
        </button>
        {said && (
          <p className="field-note" role="alert">
            {said}
          </p>
        )}
      </main>
      <Tabs at="mine" />
      {ask && (
        <Sheet title={m.field.signOut} onClose={() => setAsk(false)}>
          <p>{m.field.signOutAsk({ n })}</p>
          <button type="button" className="field-btn main" onClick={() => void out().then(() => setAsk(false))}>
            {m.field.signOut}
          </button>
        </Sheet>
      )}
    </div>
  )
}

/** Signing in, also again after the session ran out: nothing on the phone is touched. */
export function SignIn({ onDone }: { onDone: () => void }) {
  const { m, lang, setLang } = useI18n()
  const last = who()
  const [login, setLogin] = useState(last?.login ?? '')
  const [password, setPassword] = useState('')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState('')
  const submit = async (e: FormEvent) => {
    e.preventDefault()
    setBusy(true)
    setError('')
    try {
      const me = await send('post', '/session', {}, { login: login.trim(), password })
      if (me.must_change) setError(m.field.signInChange)
      else {
        setWho({ account: me.account, login: me.login, name: me.name, unit: me.unit.name })
        setWay('open')
        changed()
        onDone()
        void refresh()
        bus.dispatchEvent(new Event('done'))
      }
    } catch (x) {
      setError(x instanceof ProblemError ? x.problem.detail || x.problem.title : `${m.field.signInFailed}：${m.states.noNetwork}`)
    }
    setBusy(false)
  }
  return (
    <div className="field">
      <Top title={m.app.name} end={
        <button type="button" className="field-corner wide" lang={lang === 'en' ? 'zh-CN' : 'en'} onClick={() => setLang(lang === 'en' ? 'zh' : 'en')}>
          {m.app.language}
        </button>
      } />
      <main className="field-main field-in">
        <Logo />
        <p className="muted">{m.field.signInLead}</p>
        <form onSubmit={e => void submit(e)}>
          <label className="field-label">
            {m.field.login}
            <input className="input" autoComplete="username" autoCapitalize="none" value={login} onChange={e => setLogin(e.target.value)} />
          </label>
          <label className="field-label">
            {m.field.password}
            <input className="input" type="password" autoComplete="current-password" value={password} onChange={e => setPassword(e.target.value)} />
          </label>
          {error && (
            <p className="field-fault" role="alert">
              {error}
            </p>
          )}
          <button type="submit" className="field-btn main" disabled={busy || !login.trim() || !password}>
            {m.field.signIn}
          </button>
          {last && (
            <button type="button" className="field-btn" onClick={() => go('', {}, true)}>
              {m.common.back}
            </button>
          )}
        </form>
      </main>
    </div>
  )
}

/** /m/check: in plain words what this phone cannot do, and why. */
export function SelfCheck() {
  const { m } = useI18n()
  const [r, setR] = useState<{ worker: 'ok' | 'no' | 'wait'; store: boolean; persist: boolean; camera: boolean; lock: boolean; off: number | null }>()
  useEffect(() => {
    void (async () => {
      const supported = 'serviceWorker' in navigator && isSecureContext
      const reg = supported ? await navigator.serviceWorker.getRegistration('/m/').catch(() => undefined) : undefined
      let stored = false
      try {
        const a = await anchor()
        stored = a.phone >= 0
      } catch {
        // the browser refuses
      }
      const a = stored ? await anchor() : { phone: 0, server: 0 }
      setR({
        worker: reg?.active ? 'ok' : supported ? 'wait' : 'no',
        store: stored,
        persist: (await navigator.storage?.persisted?.().catch(() => false)) ?? false,
        camera: !!navigator.mediaDevices?.getUserMedia,
        lock: !!navigator.locks,
        off: a.server ? Math.round((a.phone - a.server) / 60_000) : null,
      })
    })()
  }, [])
  const line = (ok: boolean, title: string, why: string, wait = false) => (
    <li key={title}>
      <StatusMark mark={ok ? 'ok' : wait ? 'wait' : 'late'}>{ok ? m.field.check.ok : wait ? m.field.waiting : m.field.check.no}</StatusMark>
      <span className="grow">
        <b>{title}</b>
        {!ok && <span>{why}</span>}
      </span>
    </li>
  )
  const c = m.field.check
  return (
    <div className="field">
      <TopBack title={c.title} />
      <main className="field-main">
        {r && (
          <ul className="field-can">
            {line(r.worker === 'ok', c.worker, r.worker === 'wait' ? c.workerWait : c.workerNo, r.worker === 'wait')}
            {line(r.store, c.store, c.storeNo)}
            {line(r.persist, c.persist, c.persistNo)}
            {line(r.camera, c.camera, c.cameraNo)}
            {line(r.lock, c.lock, c.lockNo)}
            {line(r.off !== null && Math.abs(r.off) < 5, c.clock, r.off === null ? c.clockUnknown : c.clockOff({ n: Math.abs(r.off) }), r.off === null)}
          </ul>
        )}
        <p className="field-side">
          <button type="button" className="field-link" onClick={() => void sync()}>
            {m.field.sendNow}
          </button>
        </p>
      </main>
    </div>
  )
}
