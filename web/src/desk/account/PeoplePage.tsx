import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { get } from '../../api/client'
import { tableTime } from '../../shared/format'
import { Dialog } from '../ui/Dialog'
import { Find } from '../ui/Field'
import { Icon } from '../ui/Icon'
import { Loaded, NoMatch, State, copyText } from '../ui/States'
import { StatusMark } from '../ui/StatusMark'
import { toast } from '../ui/Toast'
import { Verbs } from '../ui/Verbs'
import { can, useMe, useTitle, useUrl } from '../ui/hooks'
import type { Person } from './types'
import { useI18n } from './texts'
import { stateMark, PersonDetail } from './PersonDetail'
import { AddDialog, GrantDialog, ResetDialog } from './PeopleDialogs'
import './account.css'

export default function PeoplePage() {
  const { m } = useI18n()
  useTitle(m.people.title)
  const query = useQuery({ queryKey: ['people'], queryFn: ({ signal }) => get('/people', {}, signal) })
  return (
    <Loaded query={query} rows={8}>
      {d => <People people={d.items} />}
    </Loaded>
  )
}

function People({ people }: { people: Person[] }) {
  const { m, l } = useI18n()
  const client = useQueryClient()
  const [search, set] = useUrl()
  const [q, setQ] = useState('')
  const [dialog, setDialog] = useState<'add' | 'grant' | 'reset' | null>(null)
  const [secret, setSecret] = useState('')
  const may = can(useMe(), 'account.edit')
  const words = q.trim().toLowerCase()
  const shown = words ? people.filter(p => `${p.name} ${p.login ?? ''} ${p.unit.name} ${p.initials}`.toLowerCase().includes(words)) : people
  const chosen = people.find(p => p.id === search.id)
  const told = (password: string) => (password ? setSecret(password) : toast(m.people.passwordShown)) // a second try is told no password
  const again = () => client.invalidateQueries({ queryKey: ['people'] })
  return (
    <div className={chosen ? 'app people-page one' : 'app people-page'}>
      <div className="plist">
        <header className="row">
          <h1 className="grow">{m.people.title}</h1>
          <Verbs>
          {may && (
            <button type="button" className="btn primary" onClick={() => setDialog('add')}>
              <Icon name="plus" />
              {m.people.add}
            </button>
          )}
          </Verbs>
        </header>
        <Find label={m.people.search} value={q} onChange={setQ} />
        <div className="pane">
          {shown.length === 0 && words ? (
            <NoMatch onClear={() => setQ('')} />
          ) : shown.length === 0 ? (
            <State kind="empty" title={m.people.empty} />
          ) : (
            <table className="table people">
              <thead>
                <tr>
                  <th>{m.people.name}</th>
                  <th className="no-phone">{m.people.login}</th>
                  <th>{m.people.unit}</th>
                  <th className="no-phone">{m.people.roles}</th>
                  <th className="no-phone">{m.people.lastSeen}</th>
                  <th>{m.common.state}</th>
                </tr>
              </thead>
              <tbody>
                {shown.map(p => (
                  <tr
                    key={p.id}
                    className={p.id === chosen?.id ? 'on' : ''}
                    aria-current={p.id === chosen?.id ? 'true' : undefined}
                    onClick={() => set({ id: p.id }, { replace: !!search.id })}
                  >
                    <td className="nowrap">
                      <button type="button" className="link" onClick={() => set({ id: p.id }, { replace: !!search.id })}>
                        {p.name}
                      </button>
                    </td>
                    <td className="nowrap no-phone">{p.login}</td>
                    <td>{p.unit.name}</td>
                    <td className="no-phone">
                      {p.grants
                        .map(g => l(g.role_title))
                        .filter((x, i, a) => a.indexOf(x) === i)
                        .join(m.common.sep)}
                    </td>
                    <td className="nowrap muted no-phone">{p.last_seen ? tableTime(p.last_seen) : <span className="faint">{m.people.never}</span>}</td>
                    <td>
                      <StatusMark mark={stateMark[p.state]}>{m.people.states[p.state]}</StatusMark>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </div>
      </div>
      <aside className="pane pside">
        {chosen ? (
          <PersonDetail
            person={chosen}
            onBack={() => set({ id: undefined })}
            onGrant={() => setDialog('grant')}
            onReset={() => setDialog('reset')}
            onChanged={() => void again()}
          />
        ) : (
          <State kind="empty" title={m.people.pick} />
        )}
      </aside>
      {dialog === 'add' && (
        <AddDialog
          onClose={() => setDialog(null)}
          onDone={(id, password) => {
            setDialog(null)
            told(password)
            void again()
            set({ id })
          }}
        />
      )}
      {dialog === 'grant' && chosen && (
        <GrantDialog
          person={chosen}
          onClose={() => setDialog(null)}
          onDone={() => {
            setDialog(null)
            void again()
          }}
        />
      )}
      {dialog === 'reset' && chosen && (
        <ResetDialog
          person={chosen}
          onClose={() => setDialog(null)}
          onDone={p => {
            setDialog(null)
            told(p)
          }}
        />
      )}
      {secret && (
        <Dialog title={m.people.passwordIs} onClose={() => setSecret('')}>
          <p className="secret">
            <code>{secret}</code>
            <button type="button" className="btn" onClick={() => void copyText(secret).then(() => toast(m.common.copied))}>
              <Icon name="copy" />
              {m.common.copy}
            </button>
          </p>
          <p className="muted gap-2">{m.people.passwordOnce}</p>
        </Dialog>
      )}
    </div>
  )
}
