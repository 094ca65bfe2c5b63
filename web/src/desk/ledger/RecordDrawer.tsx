import { Link } from '@tanstack/react-router'
import type { Kind } from '../../api/answers'
import { Icon } from '../ui/Icon'
import { Loaded } from '../ui/States'
import { EntryStatus } from '../ui/StatusMark'
import { Comments } from './Comments'
import { EntryActions } from './EntryActions'
import { Content, CountsIn, HistoryLog, Notes, Photos } from './EntryParts'
import { useEntry } from './entry'
import { useI18n } from './texts'

/** Beside the list, never over it where there is room. */
export function RecordDrawer({
  id,
  kind,
  onPrevious,
  onNext,
  onClose,
}: {
  id: string
  kind: Kind
  onPrevious: (() => void) | undefined
  onNext: (() => void) | undefined
  onClose: () => void
  today: string
}) {
  const { m } = useI18n()
  const query = useEntry(id)
  const e = query.data
  return (
    <aside className="drawer" aria-label={m.entry.title({ no: e?.number ?? '' })}>
      <header>
        <Link className="strong nowrap" to="/entry/$id" params={{ id }} search={{}} title={m.entry.full}>
          {e ? e.number || m.entry.numberPending : ''}
        </Link>
        {e && <EntryStatus state={e.state} />}
        <span className="grow" />
        <button type="button" className="btn icon slim" aria-label={m.entry.prev} disabled={!onPrevious} onClick={onPrevious}>
          <Icon name="up" />
        </button>
        <button type="button" className="btn icon slim" aria-label={m.entry.nextOne} disabled={!onNext} onClick={onNext}>
          <Icon name="down" />
        </button>
        <button type="button" className="btn icon slim" aria-label={m.common.close} onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <div className="pane body" key={id}>
        <Loaded query={query}>
          {entry => (
            <>
              <h1>{entry.title || entry.number}</h1>
              <Notes entry={entry} />
              <div className="gap-3">
                <Content entry={entry} kind={kind} />
              </div>
              <Photos entry={entry} max={4} />
              <CountsIn entry={entry} />
              <Comments id={entry.id} />
              <HistoryLog entry={entry} />
            </>
          )}
        </Loaded>
      </div>
      {e && Object.values(e.may).some(Boolean) && (
        <footer>
          <EntryActions entry={e} onDeleted={onClose} />
        </footer>
      )}
    </aside>
  )
}
