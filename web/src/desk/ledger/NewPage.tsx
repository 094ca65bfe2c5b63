import { Link } from '@tanstack/react-router'
import type { Kind } from '../../api/answers'
import { Icon } from '../ui/Icon'
import { Loaded, State } from '../ui/States'
import { useKinds, useTitle } from '../ui/hooks'
import { useI18n } from './texts'
import './form.css'

/** What to enter: the ledgers this person may write in, by group. */
export default function NewPage() {
  const { m, l } = useI18n()
  useTitle(m.nav.new)
  const query = useKinds()
  return (
    <div className="page">
      <header>
        <h1>{m.form.which}</h1>
      </header>
      <Loaded query={query}>
        {kinds => {
          const mine = kinds.filter(k => k.may.enter).sort((a, b) => Number(b.mine ?? false) - Number(a.mine ?? false))
          const groups = new Map<string, Kind[]>()
          for (const k of mine) groups.set(k.group, [...(groups.get(k.group) ?? []), k])
          if (!mine.length) return <State kind="forbidden" title={m.imports.noKinds} />
          return (
            <div className="kinds-list">
              {[...groups.values()].map(list => (
                <section key={list[0]!.group}>
                  <h2>{l(list[0]!.group_title)}</h2>
                  {list.map(k => (
                    <Link key={k.key} to="/new/$kind" params={{ kind: k.key }} search={{}}>
                      {l(k.title)}
                      <span className="faint small">{k.prefix}</span>
                      <Icon name="right" />
                    </Link>
                  ))}
                </section>
              ))}
            </div>
          )
        }}
      </Loaded>
    </div>
  )
}
