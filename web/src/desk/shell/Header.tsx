import { useQueryClient } from '@tanstack/react-query'
import { Link, useLocation, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { Dialog } from 'react-aria-components/Dialog'
import { Modal, ModalOverlay } from 'react-aria-components/Modal'
import { send } from '../../api/client'
import type { Me } from '../../api/answers'
import { useI18n } from '../../shared/i18n'
import { Icon, Logo } from '../ui/Icon'
import type { Nav } from '../ui/manifest'
import { Pop } from '../ui/Pop'
import { PeriodPicker, UnitPicker } from '../ui/Scope'
import { can, useMe, useUrl } from '../ui/hooks'
import { hasOwnBar, useMenu } from './nav'

export function Header({ me }: { me: Me }) {
  const { m, l } = useI18n()
  const { main, more, entry } = useMenu()
  const [menu, setMenu] = useState(false)
  const grant = me.grants[0]
  const home = can(me, 'document.read') ? '/' : main[0]!.to
  return (
    <div className="top-wrap">
      <header className="top">
        <Link className="brand" to={home} search={{}} aria-label={m.app.name}>
          <Logo />
          <span>{m.app.name}</span>
        </Link>
        <nav className="nav" aria-label={m.nav.main}>
          {main.map(n => (
            <Link key={n.to} to={n.to} search={{}} aria-current={n.entry === entry ? 'page' : undefined} activeProps={{}}>
              {l(n.title)}
              <Badge of={n} />
            </Link>
          ))}
          {more.length > 0 && (
            <Pop
              menu
              popClass="pop more-pop"
              className={more.some(c => c.column === entry) ? 'more on' : 'more'}
              button={
                <>
                  {m.nav.more}
                  <Icon name="down" />
                </>
              }
            >
              {close => (
                <div className="more-columns">
                  {more.map(c => (
                    <section key={c.column} aria-labelledby={`more-${c.column}`}>
                      <h2 id={`more-${c.column}`}>{m.nav.columns[c.column]}</h2>
                      <More items={c.items} close={close} />
                    </section>
                  ))}
                </div>
              )}
            </Pop>
          )}
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
              <span className="unseen">{m.nav.me} </span>
              <span className="ava" aria-hidden="true">
                {me.name.slice(0, 1)}
              </span>
              <span className="grow">
                <span className="strong">{me.name}</span>
                <br />
                <span className="small faint">{m.shell.acting({ unit: me.unit.name, role: grant ? l(grant.role_title) : '' })}</span>
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

function Badge({ of }: { of: Nav }) {
  const me = useMe()
  const n = of.badge ? (me.counts[of.badge] ?? 0) : 0
  return n > 0 && <span className="badge">{n}</span>
}

function More({ items, close, icons }: { items: Nav[]; close: () => void; icons?: boolean }) {
  const { l } = useI18n()
  const { here } = useMenu()
  return items.map(n => (
    <Link key={n.to} className="opt" to={n.to} search={{}} aria-current={n.to === here?.to ? 'page' : undefined} activeProps={{}} onClick={close}>
      {icons && <Icon name={n.icon} size={20} />}
      <span className="grow">{l(n.title)}</span>
      <Badge of={n} />
    </Link>
  ))
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
  const { main, more } = useMenu()
  return (
    <ModalOverlay className="shade" isOpen isDismissable onOpenChange={open => !open && onClose()}>
      <Modal className="dialog phone-menu">
        <Dialog aria-label={m.nav.menu}>
        <header>
          <h2 className="grow">{m.nav.menu}</h2>
          <button type="button" className="btn icon slim" aria-label={m.common.close} onClick={onClose}>
            <Icon name="close" />
          </button>
        </header>
        <div className="body">
          <PhoneScope />
          <nav aria-label={m.nav.main}>
            <More icons items={main} close={onClose} />
            {more.map(c => (
              <section key={c.column}>
                <h3>{m.nav.columns[c.column]}</h3>
                <More icons items={c.items} close={onClose} />
              </section>
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
  const { m, l } = useI18n()
  const { pathname } = useLocation()
  const { phone, main, here } = useMenu()
  const [search] = useUrl()
  // Forms and decisions have their own bar at the bottom of a phone.
  if (hasOwnBar(pathname, search)) return null
  const acts = phone.some(n => n.phone! > 2)
  const items = acts ? phone : [...phone, ...main.filter(n => n.entry === 'ledger')]
  return (
    <nav className="tabbar noprint" aria-label={m.nav.bottom}>
      {items.map(n => (
        <Link key={n.to} to={n.to} search={{}} aria-current={n.to === here?.to ? 'page' : undefined} activeProps={{}}>
          <Icon name={n.icon} size={24} />
          {l(n.title)}
        </Link>
      ))}
      <Link to="/me" search={{}} aria-current={pathname === '/me' ? 'page' : undefined} activeProps={{}}>
        <Icon name="person" size={24} />
        {m.nav.me}
      </Link>
    </nav>
  )
}
