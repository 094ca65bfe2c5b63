import { send } from '../../api/client'
import { longDay, tableTime } from '../../shared/format'
import { Back } from '../ui/Back'
import { Icon } from '../ui/Icon'
import { useProblemText } from '../ui/States'
import { toast } from '../ui/Toast'
import { can, useMe } from '../ui/hooks'
import type { Person, PersonGrant } from './types'
import { useI18n } from './texts'

export const stateMark = { active: 'ok', locked: 'void', closed: 'void', none: 'draft' } as const

export function PersonDetail({
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
      <Back to={m.people.title} onClick={onBack} />
      <h1>{p.name}</h1>
      <dl className="pairs gap-2">
        <dt>{m.people.login}</dt>
        <dd>{p.login ?? <span className="faint">{m.people.states.none}</span>}</dd>
        <dt>{m.people.unit}</dt>
        <dd>{p.unit.name}</dd>
        <dt>{m.people.lastSeen}</dt>
        <dd>{p.last_seen ? tableTime(p.last_seen) : m.people.never}</dd>
      </dl>
      <h3 className="gap-4">{m.people.grantsOf({ name: p.name })}</h3>
      <ul className="plain-list gap-1">
        {p.grants.map(g => {
          const over = !!g.until && g.until < me.today
          return (
            <li key={g.id} className={over ? 'faint' : ''}>
              <span className="grow">
                <b>{l(g.role_title)}</b> <span className="muted">{g.unit.name}</span>
                <br />
                <span className="small faint">
                  {longDay(g.from, lang)} – {g.until ? longDay(g.until, lang) : m.people.untilOpen}
                </span>
              </span>
              {over ? (
                <span className="small">{m.people.ended}</span>
              ) : (
                may && (
                  <button type="button" className="btn slim" onClick={() => void end(g)}>
                    {m.people.revoke}
                  </button>
                )
              )}
            </li>
          )
        })}
      </ul>
      {may && (
        <p className="row wrap gap-3">
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
