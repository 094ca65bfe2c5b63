import { useQueryClient } from '@tanstack/react-query'
import { Link, useLocation, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { Dialog } from 'react-aria-components/Dialog'
import { Modal, ModalOverlay } from 'react-aria-components/Modal'
import { send } from '../../api/client'
import type { Me } from '../../api/answers'
import { useI18n } from '../../shared/i18n'
import { Icon, Logo, type IconName } from '../ui/Icon'
import { Pop } from '../ui/Pop'
import { PeriodPicker, UnitPicker } from '../ui/Scope'
import { can, useKinds, useMe, useUrl } from '../ui/hooks'

type To =
  | '/'
  | '/bench'
  | '/ledger'
  | '/verify'
  | '/figures'
  | '/documents'
  | '/units'
  | '/people'
  | '/locks'
  | '/import'
  | '/new'
  | '/me'
  | '/due'
  | '/plan'
  | '/channels'
  | '/burden'
  | '/points'
type Entry = { to: To; text: string; icon: IconName; on: boolean; badge?: number }

function useEntries(): { main: Entry[]; more: Entry[]; mayEnter: boolean } {
  const { m } = useI18n()
  const me = useMe()
  const { pathname } = useLocation()
  const { data: kinds } = useKinds()
  const mayEnter = kinds?.some(k => k.may.enter) ?? can(me, 'ledger.enter') // until the kinds are known, so that nothing moves
  const mayVerify = (me.counts.queue ?? 0) > 0 || (kinds?.some(k => k.may.verify) ?? can(me, 'ledger.verify'))
  const at = (...starts: string[]) => starts.some(s => (s === '/' ? pathname === '/' : pathname.startsWith(s)))
  const main: Entry[] = []
  if (can(me, 'document.read')) main.push({ to: '/', text: m.nav.summary, icon: 'doc', on: at('/') })
  main.push({ to: '/bench', text: m.nav.bench, icon: 'home', on: at('/bench'), badge: me.counts.todo })
  if (can(me, 'ledger.read')) main.push({ to: '/ledger', text: m.nav.ledger, icon: 'list', on: at('/ledger', '/entry', '/new', '/table') })
  if (mayVerify) main.push({ to: '/verify', text: m.nav.verify, icon: 'check', on: at('/verify'), badge: me.counts.queue })
  if (can(me, 'figure.read')) main.push({ to: '/figures', text: m.figures.nav, icon: 'chart', on: at('/figures') })
  if (can(me, 'document.read', 'document.receive')) main.push({ to: '/documents', text: m.nav.documents, icon: 'tray', on: at('/documents', '/f/', '/templates') })
  const more: Entry[] = []
  if (can(me, 'plan.read')) more.push({ to: '/plan', text: m.plan.title, icon: 'list', on: at('/plan') })
  if (can(me, 'ledger.read')) more.push({ to: '/due', text: m.nav.due, icon: 'check', on: at('/due') })
  if (can(me, 'place.read')) more.push({ to: '/points', text: m.places.nav, icon: 'pin', on: at('/points') })
  if (can(me, 'org.read')) more.push({ to: '/units', text: m.nav.units, icon: 'home', on: at('/units') })
  if (can(me, 'account.read')) more.push({ to: '/people', text: m.nav.people, icon: 'person', on: at('/people') })
  if (can(me, 'account.read')) more.push({ to: '/burden', text: m.nav.burden, icon: 'clock', on: at('/burden') })
  if (can(me, 'closing.read')) more.push({ to: '/locks', text: m.nav.locks, icon: 'lock', on: at('/locks') })
  if (can(me, 'notify.edit')) more.push({ to: '/channels', text: m.nav.channels, icon: 'tray', on: at('/channels') })
  if (mayEnter) more.push({ to: '/import', text: m.nav.import, icon: 'upload', on: at('/import') })
  return { main, more, mayEnter }
}

export function Header({ me }: { me: Me }) {
  const { m, l } = useI18n()
  const { main, more } = useEntries()
  const [menu, setMenu] = useState(false)
  const grant = me.grants[0]
  return (
    <div className="top-wrap">
      <header className="top">
        <Link className="brand" to={main[0]!.to} search={{}} aria-label={m.app.name}>
          <Logo />
          <span>{m.app.name}</span>
        </Link>
        <nav className="nav" aria-label={m.nav.main}>
          {main.map(e => (
            <Link key={e.to} to={e.to} search={{}} aria-current={e.on ? 'page' : undefined} activeProps={{}}>
              {e.text}
              {!!e.badge && <span className="badge">{e.badge}</span>}
            </Link>
          ))}
          <Pop
            menu
            className={more.some(e => e.on) ? 'more on' : 'more'}
            button={
              <>
                {m.nav.more}
                <Icon name="down" />
              </>
            }
          >
            {close =>
              more.map(e => (
                <Link key={e.to} className="opt" to={e.to} search={{}} aria-current={e.on ? 'page' : undefined} activeProps={{}} onClick={close}>
                  {e.text}
                </Link>
              ))
            }
          </Pop>
        </nav>
        <div className="scope">
          <UnitPicker />
          <PeriodPicker />
        </div>
        <Pop
          menu
          right
          className="who-btn"
          button={
            <span className="who">
              <span className="vh">{m.nav.me} </span>
              <span className="ava" aria-hidden="true">
                {me.name.slice(0, 1)}
              </span>
              <span className="grow">
                <span className="b">{me.name}</span>
                <br />
                <span className="sm t3">{m.shell.acting({ unit: me.unit.name, role: grant ? l(grant.role_title) : '' })}</span>
              </span>
            </span>
          }
        >
          {close => <UserMenu close={close} />}
        </Pop>
        <button type="button" className="burger" aria-label={m.nav.menu} aria-expanded={menu} onClick={() => setMenu(true)}>
          <Icon name="menu" size={24} />
        </button>
      </header>
      {menu && <PhoneMenu onClose={() => setMenu(false)} />}
    </div>
  )
}

export function useSignOut() {
  const client = useQueryClient()
  const navigate = useNavigate()
  return async () => {
    try {
      await send('delete', '/session', {})
    } catch {
      // the cookie may live on; /me below tells the truth
    }
    sessionStorage.removeItem('sifen.landed')
    client.removeQueries({ predicate: q => q.queryKey[0] !== 'me' })
    await navigate({ to: '/', search: { unit: undefined, period: undefined }, replace: true })
    await client.resetQueries({ queryKey: ['me'] })
  }
}

export function toggleLarge() {
  const on = document.documentElement.classList.toggle('large')
  try {
    localStorage.setItem('sifen.large', on ? '1' : '0')
  } catch {
    // lasts for this page
  }
  return on
}

function UserMenu({ close }: { close: () => void }) {
  const { m, lang, setLang } = useI18n()
  const signOut = useSignOut()
  const [large, setLarge] = useState(document.documentElement.classList.contains('large'))
  return (
    <>
      <Link className="opt" to="/me" search={{}} onClick={close}>
        <Icon name="person" />
        {m.shell.account}
      </Link>
      <button
        type="button"
        className="opt"
        lang={lang === 'en' ? 'zh-CN' : 'en'}
        onClick={() => {
          setLang(lang === 'en' ? 'zh' : 'en')
          close()
        }}
      >
        <Icon name="doc" />
        {m.app.language}
      </button>
      <button type="button" className="opt" aria-pressed={large} onClick={() => setLarge(toggleLarge())}>
        <Icon name="search" />
        {large ? m.app.normal : m.app.large}
      </button>
      <div className="sep" />
      <button type="button" className="opt" onClick={() => void signOut()}>
        <Icon name="undo" />
        {m.shell.signout}
      </button>
    </>
  )
}

function PhoneMenu({ onClose }: { onClose: () => void }) {
  const { m } = useI18n()
  const { main, more } = useEntries()
  return (
    <ModalOverlay className="shade" isOpen isDismissable onOpenChange={open => !open && onClose()}>
      <Modal className="dialog phone-menu">
        <Dialog aria-label={m.nav.menu}>
        <header>
          <h2 className="grow">{m.nav.menu}</h2>
          <button type="button" className="btn icon s" aria-label={m.common.close} onClick={onClose}>
            <Icon name="close" />
          </button>
        </header>
        <div className="body">
          <PhoneScope />
          <nav aria-label={m.nav.main}>
            {[...main, ...more].map(e => (
              <Link key={e.to} className="opt" to={e.to} search={{}} aria-current={e.on ? 'page' : undefined} activeProps={{}} onClick={onClose}>
                <Icon name={e.icon} size={20} />
                <span className="grow">{e.text}</span>
                {!!e.badge && <span className="badge">{e.badge}</span>}
              </Link>
            ))}
            <div className="sep" />
            <UserMenu close={onClose} />
          </nav>
        </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}

function PhoneScope() {
  return (
    <div className="phone-scope">
      <div className="scope">
        <UnitPicker />
        <PeriodPicker />
      </div>
    </div>
  )
}

export function Tabbar() {
  const { m } = useI18n()
  const { pathname } = useLocation()
  const { main, mayEnter } = useEntries()
  const [search] = useUrl()
  // Forms and decisions have their own bar at the bottom of a phone.
  if (/^\/(new\/|entry\/.*\/edit|points\/new|points\/.*\/edit)/.test(pathname) || (pathname === '/verify' && search.id)) return null
  const verify = main.find(e => e.to === '/verify')
  const items: Entry[] = main.filter(e => e.to === '/' || e.to === '/bench')
  if (mayEnter) items.push({ to: '/new', text: m.nav.new, icon: 'plus', on: pathname === '/new' })
  if (verify) items.push(verify)
  if (!mayEnter && !verify) items.push(...main.filter(e => e.to === '/ledger'))
  items.push({ to: '/me', text: m.nav.me, icon: 'person', on: pathname === '/me' })
  return (
    <nav className="tabbar noprint" aria-label={m.nav.bottom}>
      {items.map(e => (
        <Link key={e.to} to={e.to} search={{}} aria-current={e.on ? 'page' : undefined} activeProps={{}}>
          <Icon name={e.icon} size={24} />
          {e.text}
        </Link>
      ))}
    </nav>
  )
}
