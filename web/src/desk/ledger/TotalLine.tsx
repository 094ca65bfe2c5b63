import type { EntryPage, Kind } from '../../api/answers'
import { unitWord, fixed } from '../../shared/format'
import { Figure } from '../ui/Figure'
import { StatusMark } from '../ui/StatusMark'
import { useScope } from '../ui/hooks'
import { useI18n } from './texts'

/** How many records the list has, and what of the kind's own figures they make up. */
export function TotalLine({ data, kind, narrow, listed }: { data: EntryPage | undefined; kind: Kind; narrow: boolean; listed: boolean }) {
  const { m, l, lang } = useI18n()
  const { unit, period } = useScope()
  return (
    <div className={!data && kind.figures.length > 0 ? 'total wait' : 'total'} role="region" aria-label={m.ledger.totals} aria-live="polite">
      {data && (
        <>
          <b data-testid="total">{m.ledger.total({ n: data.total })}</b>
          {data.capped && <span className="muted">{m.lists.capped}</span>}
          {data.figures.length > 0 && !narrow && (
            <span className="figures-page">
              <StatusMark mark="ok">{m.state.counted}</StatusMark>{' '}
              {data.figures.slice(0, 3).map((f, i) => (
                <span key={f.key}>
                  {i > 0 && m.common.sep}
                  <span className="faint">{l(f.title)}</span> <Figure figure={f} unit={unit} period={period} bold /> {unitWord(l(f.unit_of), f.display, lang)}
                  {f.estimated > 0 && (
                    <span className="faint">{m.common.paren({ t: m.figure.estimated({ v: fixed(f.estimated, 0, lang) }) })}</span>
                  )}
                </span>
              ))}
            </span>
          )}
          {!narrow && listed && <span className="muted">{m.ledger.notCounted({ n: data.not_counted.records })}</span>}
        </>
      )}
    </div>
  )
}
