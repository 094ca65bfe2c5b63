import { Link } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useI18n } from '../../shared/i18n'
import { useBarSlots } from '../ui/Verbs'
import { useIsPhone } from '../ui/hooks'
import { useMenu } from './nav'

/** Under the header: the pages of this entry, then where one is, at the right what can be done here. */
export function SectionBar() {
  const { m, l } = useI18n()
  const { beside, here } = useMenu()
  const { setWhere, setVerbs } = useBarSlots()
  const phone = useIsPhone()
  const tabs = useRef<HTMLElement>(null)
  // On a narrow screen the tabs scroll: the one of this page is brought into sight.
  useEffect(() => {
    void tabs.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' }) // newer browsers answer with a promise
  }, [here?.to])
  return (
    <div className="section noprint">
      <nav className="section-tabs" ref={tabs} aria-label={m.nav.section}>
        {beside.map(n => (
          <Link key={n.to} to={n.to} search={{}} aria-current={n === here ? 'page' : undefined} activeProps={{}}>
            {l(n.title)}
          </Link>
        ))}
      </nav>
      <div className="section-where" ref={setWhere} />
      {!phone && <div className="section-verbs" ref={setVerbs} />}
    </div>
  )
}

/** On a phone the header stays in sight and has no room: what can be done stands at the head of the page. */
export function PhoneVerbs() {
  const { setPhoneVerbs } = useBarSlots()
  return useIsPhone() && <div className="section-verbs noprint" ref={setPhoneVerbs} />
}
