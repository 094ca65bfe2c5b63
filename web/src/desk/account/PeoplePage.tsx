import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { get, send } from '../../api/client'
import { longDay, tableTime } from '../../shared/format'
import { uuid } from '../../shared/uuid'
import { DayInput } from '../ui/DayInput'
import { Dialog } from '../ui/Dialog'
import { ErrorBox, FieldBox, TextField } from '../ui/Field'
import { Icon } from '../ui/Icon'
import { UnitSelect } from '../ui/Scope'
import { Loaded, State, copyText, useProblemText } from '../ui/States'
import { StatusMark } from '../ui/StatusMark'
import { toast } from '../ui/Toast'
import { Verbs } from '../ui/Verbs'
import { can, useMe, useRoles, useTitle, useUrl } from '../ui/hooks'
import type { Person, PersonGrant } from './types'
import { useI18n } from './texts'
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

const stateMark = { active: 'ok', locked: 'void', closed: 'void', none: 'draft' } as const

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
  const again = () => client.invalidateQueries({ queryKey: ['people'] })
  return (
    <div className={chosen ? 'app pp one' : 'app pp'}>
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
        <div className="find">
          <input
            className="input"
            type="search"
            aria-label={m.people.search}
            placeholder={m.people.search}
            value={q}
            onChange={e => setQ(e.target.value)}
          />
        </div>
        <div className="pane">
          {shown.length === 0 ? (
            <State
              kind={words ? 'nomatch' : 'empty'}
              title={words ? m.common.noMatch : m.people.empty}
              actions={
                words && (
                  <button type="button" className="btn" onClick={() => setQ('')}>
                    {m.common.clear}
                  </button>
                )
              }
            />
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
                    <td className="nw">
                      <button type="button" className="link" onClick={() => set({ id: p.id }, { replace: !!search.id })}>
                        {p.name}
                      </button>
                    </td>
                    <td className="nw no-phone">{p.login}</td>
                    <td>{p.unit.name}</td>
                    <td className="no-phone">
                      {p.grants
                        .map(g => l(g.role_title))
                        .filter((x, i, a) => a.indexOf(x) === i)
                        .join(m.common.sep)}
                    </td>
                    <td className="nw t2 no-phone">{p.last_seen ? tableTime(p.last_seen) : <span className="t3">{m.people.never}</span>}</td>
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
            setSecret(password)
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
            setSecret(p)
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
          <p className="t2 mt2">{m.people.passwordOnce}</p>
        </Dialog>
      )}
    </div>
  )
}

function PersonDetail({
  person: p,
  onBack,
  onGrant,
  onReset,
  onChanged,
}: {
  person: Person
  onBack: () => void
  onGrant: () => void
  onReset: () => void
  onChanged: () => void
}) {
  const { m, l, lang } = useI18n()
  const me = useMe()
  const may = can(me, 'account.edit')
  const problem = useProblemText()
  const end = async (g: PersonGrant) => {
    try {
      await send('delete', '/grants/{id}', { id: g.id })
      toast(m.common.saved)
      onChanged()
    } catch (e) {
      toast.bad(problem(e))
    }
  }
  return (
    <>
      <button type="button" className="link only-phone" onClick={onBack}>
        <span className="row">
          <Icon name="left" />
          {m.people.title}
        </span>
      </button>
      <h1>{p.name}</h1>
      <dl className="kv mt2">
        <dt>{m.people.login}</dt>
        <dd>{p.login ?? <span className="t3">{m.people.states.none}</span>}</dd>
        <dt>{m.people.unit}</dt>
        <dd>{p.unit.name}</dd>
        <dt>{m.people.lastSeen}</dt>
        <dd>{p.last_seen ? tableTime(p.last_seen) : m.people.never}</dd>
      </dl>
      <h3 className="mt4">{m.people.grantsOf({ name: p.name })}</h3>
      <ul className="plain-list mt1">
        {p.grants.map(g => {
          const over = !!g.until && g.until < me.today
          return (
            <li key={g.id} className={over ? 't3' : ''}>
              <span className="grow">
                <b>{l(g.role_title)}</b> <span className="t2">{g.unit.name}</span>
                <br />
                <span className="sm t3">
                  {longDay(g.from, lang)} – {g.until ? longDay(g.until, lang) : m.people.untilOpen}
                </span>
              </span>
              {over ? (
                <span className="sm">{m.people.ended}</span>
              ) : (
                may && (
                  <button type="button" className="btn s" onClick={() => void end(g)}>
                    {m.people.revoke}
                  </button>
                )
              )}
            </li>
          )
        })}
      </ul>
      {may && (
        <p className="row wrap mt3">
          <button type="button" className="btn" onClick={onGrant}>
            <Icon name="plus" />
            {m.people.grant}
          </button>
          {p.login && (
            <button type="button" className="btn" onClick={onReset}>
              {m.people.reset}
            </button>
          )}
        </p>
      )}
    </>
  )
}

function RoleFields({
  role,
  setRole,
  unit,
  setUnit,
  from,
  setFrom,
  until,
  setUntil,
  fault,
}: {
  role: string
  setRole: (r: string) => void
  unit: number | undefined
  setUnit: (u: number | undefined) => void
  from: string
  setFrom: (d: string) => void
  until: string
  setUntil: (d: string) => void
  fault: { [k: string]: string }
}) {
  const { m, l } = useI18n()
  const roles = useRoles()
  const chosen = roles.data?.items.find(r => r.key === role)
  return (
    <>
      <FieldBox
        label={m.people.role}
        error={fault.role}
        {...(chosen ? { hint: chosen.verbs.map(v => l(roles.data?.verbs.find(x => x.key === v)?.title) || v).join(m.common.sep) } : {})}
      >
        {a => (
          <select
            id={a.id}
            className={a.invalid ? 'input bad' : 'input'}
            aria-describedby={a.describedby}
            value={role}
            onChange={e => setRole(e.target.value)}
          >
            <option value="">{m.common.choose}</option>
            {roles.data?.items.map(r => (
              <option key={r.key} value={r.key}>
                {l(r.title)}
              </option>
            ))}
          </select>
        )}
      </FieldBox>
      <FieldBox label={m.people.unit} error={fault.unit}>
        {a => <UnitSelect id={a.id} label={m.people.unit} value={unit} onChange={setUnit} invalid={a.invalid} describedby={a.describedby} />}
      </FieldBox>
      <div className="grid2 field">
        <FieldBox label={m.common.from}>{a => <DayInput id={a.id} value={from} onChange={setFrom} />}</FieldBox>
        <FieldBox label={m.common.until} optional={m.common.optional}>
          {a => <DayInput id={a.id} value={until} onChange={setUntil} />}
        </FieldBox>
      </div>
    </>
  )
}

function AddDialog({ onClose, onDone }: { onClose: () => void; onDone: (id: string, password: string) => void }) {
  const { m } = useI18n()
  const me = useMe()
  const problem = useProblemText()
  const [name, setName] = useState('')
  const [login, setLogin] = useState('')
  const [role, setRole] = useState('')
  const [unit, setUnit] = useState<number | undefined>()
  const [from, setFrom] = useState(me.today)
  const [until, setUntil] = useState('')
  const [fault, setFault] = useState<{ [k: string]: string }>({})
  const [error, setError] = useState('')
  const [busy, setBusy] = useState(false)
  const op = useRef(uuid())
  const go = async () => {
    const f: typeof fault = {}
    if (!name.trim()) f.name = m.form.err.required({ f: m.people.name })
    if (!login.trim()) f.login = m.form.err.required({ f: m.people.login })
    if (!role) f.role = m.form.err.choose({ f: m.people.role })
    if (!unit) f.unit = m.form.err.choose({ f: m.people.unit })
    setFault(f)
    if (Object.keys(f).length) return
    setBusy(true)
    try {
      const r = await send('post', '/people', {}, { name: name.trim(), login: login.trim(), role, unit: unit!, ...(from ? { from } : {}), ...(until ? { until } : {}) }, { op: op.current })
      onDone(r.id, r.password)
    } catch (e) {
      setError(problem(e))
      setBusy(false)
      op.current = uuid()
    }
  }
  return (
    <Dialog
      title={m.people.add}
      onClose={onClose}
      onSubmit={() => void go()}
      submit={m.people.add}
      busy={busy}
      error={error && <ErrorBox>{error}</ErrorBox>}
    >
      <TextField label={m.people.name} value={name} onChange={setName} error={fault.name} autoFocus />
      <TextField label={m.people.login} value={login} onChange={setLogin} error={fault.login} hint={m.signin.login} />
      <RoleFields {...{ role, setRole, unit, setUnit, from, setFrom, until, setUntil, fault }} />
    </Dialog>
  )
}

function GrantDialog({ person, onClose, onDone }: { person: Person; onClose: () => void; onDone: () => void }) {
  const { m } = useI18n()
  const me = useMe()
  const problem = useProblemText()
  const [role, setRole] = useState('')
  const [unit, setUnit] = useState<number | undefined>(person.unit.id)
  const [from, setFrom] = useState(me.today)
  const [until, setUntil] = useState('')
  const [fault, setFault] = useState<{ [k: string]: string }>({})
  const [error, setError] = useState('')
  const [busy, setBusy] = useState(false)
  const go = async () => {
    const f: typeof fault = {}
    if (!role) f.role = m.form.err.choose({ f: m.people.role })
    if (!unit) f.unit = m.form.err.choose({ f: m.people.unit })
    setFault(f)
    if (Object.keys(f).length) return
    setBusy(true)
    try {
      await send('post', '/people/{id}/grants', { id: person.id }, { role, unit: unit!, from, ...(until ? { until } : {}) })
      toast(m.common.saved)
      onDone()
    } catch (e) {
      setError(problem(e))
      setBusy(false)
    }
  }
  return (
    <Dialog
      title={`${m.people.grant}${m.common.colon}${person.name}`}
      onClose={onClose}
      onSubmit={() => void go()}
      submit={m.people.grant}
      busy={busy}
      error={error && <ErrorBox>{error}</ErrorBox>}
    >
      <RoleFields {...{ role, setRole, unit, setUnit, from, setFrom, until, setUntil, fault }} />
    </Dialog>
  )
}

function ResetDialog({ person, onClose, onDone }: { person: Person; onClose: () => void; onDone: (password: string) => void }) {
  const { m } = useI18n()
  const problem = useProblemText()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState('')
  const go = async () => {
    setBusy(true)
    try {
      onDone((await send('post', '/people/{id}/reset', { id: person.id })).password)
    } catch (e) {
      setError(problem(e))
      setBusy(false)
    }
  }
  return (
    <Dialog
      title={m.people.reset}
      onClose={onClose}
      onSubmit={() => void go()}
      submit={m.people.reset}
      busy={busy}
      error={error && <ErrorBox>{error}</ErrorBox>}
    >
      <p>{m.people.resetAsk({ name: person.name })}</p>
    </Dialog>
  )
}
