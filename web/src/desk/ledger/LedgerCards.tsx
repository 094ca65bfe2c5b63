import { Link } from '@tanstack/react-router'
import type { EntryRow, Kind } from '../../api/answers'
import { shortDay, place } from '../../shared/format'
import { unitOf } from '../../shared/schema-form/core'
import { EntryStatus } from '../ui/StatusMark'
import { useMe } from '../ui/hooks'
import { basisText, isNumber, listFields, useFieldText } from './fields'
import { useI18n } from './texts'

export function Cards({ kind, rows }: { kind: Kind; rows: EntryRow[] }) {
  const { m, lang } = useI18n()
  const me = useMe()
  const text = useFieldText()
  const fields = listFields(kind)
  return (
    <ul className="cards">
      {rows.map(r => (
        <li key={r.id} data-row>
          <Link to="/entry/$id" params={{ id: r.id }} search={{}}>
            <span className="row between">
              <EntryStatus state={r.state} />
              <span className="small faint">
                {shortDay(r.from, me.today)}　{r.number}
              </span>
            </span>
            <span className="card-title">{r.title || r.number}</span>
            <span className="muted">{place(r.unit)}</span>
            <span className="small muted">
              {fields
                .map(f => ({ f, t: text(f, r.values, r.labels) }))
                .filter(x => x.t)
                .map(
                  ({ f, t }) =>
                    `${isNumber(f) ? `${t} ${unitOf(f, m, lang)}${basisText(f, r.values, m.ledger) ? m.common.paren({ t: basisText(f, r.values, m.ledger) }) : ''}` : t}`,
                )
                .join('　')}
              {r.photos > 0 && `　${m.ledger.photos} ${r.photos}`}
            </span>
            {r.state === 'returned' && r.reason && <span className="small why">{m.common.quote({ t: r.reason })}</span>}
          </Link>
        </li>
      ))}
    </ul>
  )
}
