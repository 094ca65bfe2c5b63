import { Link, useParams } from '@tanstack/react-router'
import { longDay, place } from '../../shared/format'
import { Icon } from '../ui/Icon'
import { Loaded, Skeleton } from '../ui/States'
import { EntryStatus } from '../ui/StatusMark'
import { Where } from '../ui/Verbs'
import { useKinds, useTitle } from '../ui/hooks'
import { Comments } from './Comments'
import { EntryActions } from './EntryActions'
import { Content, CountsIn, HistoryLog, Notes, Photos } from './EntryParts'
import { useEntry, useKind } from './entry'
import { useI18n } from './texts'
import './ledger.css'

export default function EntryPage() {
  const { m, l, lang } = useI18n()
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useEntry(id)
  const kinds = useKinds()
  const kind = useKind(query.data?.kind)
  useTitle(query.data ? `${query.data.number || m.state.draft} ${query.data.title}` : m.nav.ledger)
  if (kinds.isPending && !query.error) return <Skeleton rows={8} /> // without its kind a record has no fields to show
  return (
    <Loaded query={query}>
      {entry => (
        <article className="page entry-page">
          <Where>
            <Link to="/ledger/$kind" params={{ kind: entry.kind }} search={{}}>
              <Icon name="left" />
              {kind ? l(kind.title) : m.nav.ledger}
            </Link>
          </Where>
          <header className="entry-head">
            <div className="grow">
              <div className="row wrap">
                <b>{entry.number || m.entry.numberPending}</b>
                <EntryStatus state={entry.state} />
                {entry.level && entry.state === 'submitted' && (
                  <span className="faint">{m.entry.waitsAt({ level: m.units.types[entry.level] ?? entry.level })}</span>
                )}
              </div>
              <h1>{entry.title || (kind ? l(kind.title) : entry.number)}</h1>
              <p className="muted">
                {place(entry.unit)}　{longDay(entry.from, lang)}
              </p>
            </div>
            <div className="row wrap noprint acts">
              <EntryActions entry={entry} />
              <button type="button" className="btn icon no-phone" aria-label={m.entry.print} title={m.entry.print} onClick={() => print()}>
                <Icon name="print" />
              </button>
            </div>
          </header>
          <Notes entry={entry} />
          <div className="ecols">
            <div>
              <section>
                <h3>{m.entry.content}</h3>
                <div className="gap-2">
                  <Content entry={entry} kind={kind} />
                </div>
              </section>
              <CountsIn entry={entry} />
            </div>
            <div>
              <Photos entry={entry} />
              <Comments id={entry.id} />
              <HistoryLog entry={entry} />
            </div>
          </div>
        </article>
      )}
    </Loaded>
  )
}
