import { useQuery } from '@tanstack/react-query'
import { Outlet, useLocation, useRouter, useRouterState } from '@tanstack/react-router'
import { Suspense, lazy, useEffect, useRef, useState } from 'react'
import { get } from '../../api/client'
import { again, statusOf } from '../../api/errors'
import type { Me } from '../../api/answers'
import { longDay } from '../../shared/format'
import { useI18n } from '../../shared/i18n'
import { FigurePanel } from '../ui/FigurePanel'
import { parseFigureId } from '../ui/Figure'
import { Icon } from '../ui/Icon'
import { Skeleton, State } from '../ui/States'
import { MeContext, can, useHotkeys, useUrl } from '../ui/hooks'
import { Manifests, type Manifest } from '../ui/manifest'
import { BarSlots } from '../ui/Verbs'
import { manifests } from '../manifests'
import { Header, Tabbar } from './Header'
import { PhoneVerbs, SectionBar } from './SectionBar'
import { useLiveEvents } from './events'

const doors = (manifests as readonly Manifest[]).find(m => m.doors)!.doors!
const SignIn = lazy(doors.signIn)
const FirstPassword = lazy(doors.firstPassword)

export function useMeQuery() {
  return useQuery({
    queryKey: ['me'],
    queryFn: ({ signal }) => get('/me', {}, signal),
    retry: again,
    staleTime: 60_000,
  })
}

/**
 * Signed out: sign-in at the address that was asked for. Signed in: header, page, opened figure. When a session ends under
 * a page, the page stays behind the sign-in: a photo that the camera brings back then still finds its form, and the same
 * person goes on where he was.
 */
export function Shell() {
  const { m } = useI18n()
  const me = useMeQuery()
  const ended = statusOf(me.error) === 401
  const signIn = (
    <Suspense fallback={null}>
      <SignIn />
    </Suspense>
  )
  if (ended && (!me.data || me.data.must_change)) return signIn
  if (me.error && !me.data) {
    return (
      <main>
        <State
          kind="failed"
          title={m.states.noNetwork}
          actions={
            <button type="button" className="btn primary" onClick={() => void me.refetch()}>
              {m.common.retry}
            </button>
          }
        >
          {m.states.failedHint}
        </State>
      </main>
    )
  }
  if (!me.data) return <Skeleton />
  if (me.data.must_change)
    return (
      <Suspense fallback={null}>
        <FirstPassword />
      </Suspense>
    )
  return (
    <>
      {ended && signIn}
      <MeContext.Provider value={me.data}>
        <Manifests.Provider value={manifests}>
          <BarSlots>
            <SignedIn me={me.data} ended={ended} key={me.data.person} />
          </BarSlots>
        </Manifests.Provider>
      </MeContext.Provider>
    </>
  )
}

function SignedIn({ me, ended }: { me: Me; ended: boolean }) {
  const { m, lang } = useI18n()
  const { pathname } = useLocation()
  const [online, setOnline] = useState(navigator.onLine)
  const [search] = useUrl()
  const router = useRouter()
  const away = useLiveEvents(!ended)
  // A person whose home is the workbench lands there when opening the bare address. Not before that page has come: a way
  // begun while another is loading can leave the placeholder standing for good on a slow device.
  const settled = useRouterState({ select: s => s.status === 'idle' })
  useEffect(() => {
    if (!settled || (me.home !== 'bench' && can(me, 'document.read')) || pathname !== '/' || sessionStorage.getItem('sifen.landed') === me.person) return
    sessionStorage.setItem('sifen.landed', me.person)
    if (!search.n && (!search.unit || !can(me, 'document.read'))) void router.navigate({ to: '/bench', replace: true })
  }, [settled, me, pathname, router, search.n, search.unit])
  useEffect(() => {
    const change = () => setOnline(navigator.onLine)
    addEventListener('online', change)
    addEventListener('offline', change)
    return () => {
      removeEventListener('online', change)
      removeEventListener('offline', change)
    }
  }, [])
  // Overlays start below the header, whose height the strips above it change.
  const above = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const box = above.current
    if (!box) return
    const measure = () => document.documentElement.style.setProperty('--top', `${box.offsetHeight}px`)
    measure()
    const watch = new ResizeObserver(measure)
    watch.observe(box)
    return () => watch.disconnect()
  }, [])
  return (
    <div className="desk-app" hidden={ended}>
      <a className="skip" href="#main">
        {m.app.skip}
      </a>
      <div className="above" ref={above}>
        <div className="topstrips noprint" role="group" aria-label={m.shell.notes}>
          {me.demo && <div className="strip calm">{m.shell.demo({ day: longDay(me.today, lang) })}</div>}
          {me.insecure && !me.demo && (
            <div className="strip">
              <Icon name="lock" />
              {m.shell.insecure}
            </div>
          )}
          {(!online || away) && (
            <div className="strip" role="status">
              <Icon name="clock" />
              {online ? m.shell.away : m.shell.offline}
            </div>
          )}
        </div>
        <Header me={me} />
        <SectionBar />
      </div>
      <main id="main" tabIndex={-1} style={{ outline: 'none' }}>
        <PhoneVerbs />
        <Outlet />
      </main>
      <OpenedFigure />
      <Tabbar />
      <div id="layers" />
    </div>
  )
}

/** A figure opened from anywhere but the summary's text stands at the right edge, without a mask. */
function OpenedFigure() {
  const [search, set] = useUrl()
  const opened = parseFigureId(search.fig)
  useHotkeys({ escape: () => set({ fig: undefined }, { replace: true }) }, !!opened)
  if (!opened) return null
  return (
    <FigurePanel
      className="panel over"
      figureKey={opened.key}
      unit={opened.unit}
      period={opened.period}
      onClose={() => set({ fig: undefined }, { replace: true })}
    />
  )
}

export function Crash({ error, reset }: { error: unknown; reset: () => void }) {
  const { m } = useI18n()
  return (
    <State
      kind="failed"
      title={m.states.crashed}
      actions={
        <>
          <button type="button" className="btn primary" onClick={reset}>
            {m.common.retry}
          </button>
          <button type="button" className="btn" onClick={() => location.reload()}>
            {m.shell.refresh}
          </button>
        </>
      }
    >
      {error instanceof Error ? error.message : String(error)}
    </State>
  )
}
