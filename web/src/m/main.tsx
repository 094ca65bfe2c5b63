import { Component, StrictMode, useEffect, useMemo, useState, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { currentLang, keepLang, LangContext, type Lang } from '../shared/i18n'
import '../shared/root.css'
import '../shared/check/check.css'
import './kit.css'
import { CheckRoute } from './Check'
import { fetched, refresh, signedIn } from './day'
import { dayOf, go, useRoute, useStore } from './hooks'
import { HAND, Mine, SelfCheck, SignIn } from './Mine'
import { QueuePage } from './Queue'
import { startSync } from './send'
import { Sent } from './Sent'
import { anchor, bus, nowThere, tidy, unsent, who } from './store'
import { useI18n, words } from './texts'
import { Today } from './Today'

function Pages() {
  const { m } = useI18n()
  const { page } = useRoute()
  const left = useStore(unsent)
  const [known, setKnown] = useState(!!who())
  const n = (left?.records ?? 0) + (left?.photos ?? 0)
  useEffect(() => {
    document.title = `${n > 0 ? `(${n}) ` : ''}${m.field.title} · ${m.app.name}`
  }, [n, m])
  useEffect(() => {
    const warn = (e: BeforeUnloadEvent) => {
      // A tab that cannot be opened again without a network keeps its work, but the person should know.
      if (n > 0 && !navigator.serviceWorker?.controller) e.preventDefault()
    }
    addEventListener('beforeunload', warn)
    return () => removeEventListener('beforeunload', warn)
  }, [n])
  useEffect(() => {
    const f = () => setKnown(!!who())
    bus.addEventListener('change', f)
    return () => bus.removeEventListener('change', f)
  }, [])
  if (page === 'check') return <SelfCheck />
  if (!known || page === 'in')
    return (
      <SignIn
        onDone={() => {
          setKnown(true)
          if (page === 'in') go('', {}, true)
        }}
      />
    )
  switch (page) {
    case 'at':
      return <CheckRoute />
    case 'sent':
      return <Sent />
    case 'phone':
      return <QueuePage />
    case 'mine':
      return <Mine />
    default:
      return <Today />
  }
}

class Caught extends Component<{ children: ReactNode }, { e: Error | null }> {
  state: { e: Error | null } = { e: null }
  static getDerivedStateFromError = (e: Error) => ({ e })
  render() {
    if (!this.state.e) return this.props.children
    return (
      <div className="field">
        <main className="field-main field-in">
          <p>{words[currentLang()].field.broken}</p>
          <p className="muted">{String(this.state.e.message)}</p>
          <button type="button" className="field-btn main" onClick={() => location.assign('/m/')}>
            {words[currentLang()].field.reopen}
          </button>
        </main>
      </div>
    )
  }
}

function Root() {
  const [lang, set] = useState<Lang>(currentLang())
  const context = useMemo(
    () => ({
      lang,
      setLang: (l: Lang) => {
        keepLang(l)
        set(l)
      },
    }),
    [lang],
  )
  return (
    <LangContext.Provider value={context}>
      <Caught>
        <Pages />
      </Caught>
    </LangContext.Provider>
  )
}

try {
  document.documentElement.dataset.hand = localStorage.getItem(HAND) ?? 'right'
} catch {
  // storage refused
}
keepLang(currentLang())
createRoot(document.getElementById('app')!).render(
  <StrictMode>
    <Root />
  </StrictMode>,
)

/** What the phone holds is fetched anew when it is an hour old, of another day, or of another person. */
async function look() {
  if (!(await signedIn())) return
  bus.dispatchEvent(new Event('change'))
  const got = await fetched()
  if (!got || got.day !== dayOf(nowThere()) || nowThere() - got.at > 5 * 60_000) await refresh()
}
void (async () => {
  if (who()) await anchor().catch(() => {})
  bus.dispatchEvent(new Event('change'))
  await look()
  startSync()
  if (who()) await tidy()
  void navigator.storage?.persist?.()
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) void look()
  })
  addEventListener('online', () => void look())
})()

if ('serviceWorker' in navigator && import.meta.env.PROD)
  void navigator.serviceWorker
    .register('/m/sw.js', { scope: '/m/' })
    .then(r => {
      setInterval(() => void r.update().catch(() => {}), 30 * 60_000)
    })
    .catch(() => {
      // the self-check says what this means
    })
