import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { get } from '../../api/client'
import type { Entry, Kind } from '../../api/answers'
import { longDay, place } from '../../shared/format'
import { unitOf } from '../../shared/schema-form/core'
import { Icon } from '../ui/Icon'
import { EntryStatus } from '../ui/StatusMark'
import { can, useMe, useTitle } from '../ui/hooks'
import { isNumber, useFieldText } from './fields'
import { useI18n } from './texts'

/** After submitting: what was kept, who looks at it now, what it will change, and what next. */
export function SavedView({ entry, kind, onAgain }: { entry: Entry; kind: Kind; onAgain: () => void }) {
  const { m, l, lang } = useI18n()
  const text = useFieldText()
  useTitle(m.form.submitted)
  const me = useMe()
  const waiting = entry.state === 'submitted'
  const impact = useQuery({
    queryKey: ['impact', entry.id, entry.rev],
    queryFn: ({ signal }) => get('/entries/{id}/impact', { id: entry.id }, signal),
    enabled: waiting && can(me, 'ledger.verify'),
    retry: false,
  })
  const facts = kind.fields
    .filter(f => (isNumber(f) || f.type === 'choice') && entry.values[f.key] !== undefined)
    .slice(0, 3)
    .map(f => `${text(f, entry.values, entry.labels)} ${isNumber(f) ? unitOf(f, m, lang) : ''}`.trim())
  return (
    <div className="form-page">
      <header className="form-bar">
        <Link className="back" to="/ledger/$kind" params={{ kind: kind.key }} search={{}} aria-label={m.common.back}>
          <Icon name="left" size={24} />
        </Link>
        <h1>{l(kind.title)}</h1>
        <span className="more" />
      </header>
      <div className="ok" role="status">
        <svg viewBox="0 0 16 16" width="52" height="52" aria-hidden="true" style={{ color: 'var(--brand-600)' }}>
          <circle cx="8" cy="8" r="7" fill="currentColor" />
          <path d="m4.8 8.3 2.3 2.3 4.2-4.7" fill="none" stroke="#fff" strokeWidth="1.8" strokeLinecap="round" strokeLinejoin="round" />
        </svg>
        <h2>{m.form.submitted}</h2>
        <p className="muted">
          {waiting ? (entry.level ? m.form.after({ level: m.units.types[entry.level] ?? entry.level }) : m.form.afterAny) : m.form.afterNow}
        </p>
      </div>
      <section className="card">
        <div className="row">
          <span className="strong grow">{entry.number}</span>
          <EntryStatus state={entry.state} />
        </div>
        <p className="saved-title">{entry.title}</p>
        <p className="muted">
          {[longDay(entry.from, lang), place(entry.unit), ...facts].join('　')}
          {entry.photos > 0 && `　${m.ledger.photos} ${entry.photos}`}
        </p>
      </section>
      {!!impact.data?.items?.length && (
        <section className="saved-effect">
          <h3>{m.form.effect}</h3>
          <dl>
            {impact.data.items.map(i => (
              <div key={i.key + i.unit.id}>
                <dt>
                  {i.unit.name} {l(i.title)}
                </dt>
                <dd>
                  {i.before} → <b>{i.after}</b>
                </dd>
              </div>
            ))}
          </dl>
        </section>
      )}
      <nav className="links" aria-label={m.common.next}>
        <button type="button" onClick={onAgain}>
          <Icon name="copy" size={20} />
          {m.form.again}
          <Icon name="right" />
        </button>
        <Link to="/entry/$id" params={{ id: entry.id }} search={{}}>
          <Icon name="doc" size={20} />
          {m.form.seeEntry}
          <Icon name="right" />
        </Link>
        <Link to="/ledger/$kind" params={{ kind: kind.key }} search={{}}>
          <Icon name="list" size={20} />
          {m.form.backToList}
          <Icon name="right" />
        </Link>
      </nav>
      <footer className="act">
        <div className="acts">
          <Link className="btn primary" to="/bench" search={{}}>
            {m.states.toBench}
          </Link>
        </div>
      </footer>
    </div>
  )
}
