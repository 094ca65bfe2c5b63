import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { get } from '../../api/client'
import { int } from '../../shared/format'
import { Loaded } from '../ui/States'
import { CaseState, Deadline } from './parts'
import { useI18n } from './texts'
import './board.css'

/** What is open, a column for each state; in each those longest past their deadline stand first. */
export function CaseBoard({ q, more }: { q: { unit: number; q: string | undefined; place: string | undefined; mine: true | undefined }; more: (state: string) => void }) {
  const { m, l, lang } = useI18n()
  const query = useQuery({ queryKey: ['cases', 'board', q], queryFn: ({ signal }) => get('/case-board', q, signal), placeholderData: keepPreviousData })
  return (
    <Loaded query={query} rows={8}>
      {d => (
        <div className="case-board" data-testid="board">
          {d.items
            .filter(c => c.n > 0 || !['asked', 'objected', 'returned', 'transferred'].includes(c.state))
            .map(c => (
              <section key={c.state} aria-label={m.cases.states[c.state]}>
                <h2 className="row">
                  <CaseState row={{ state: c.state as 'sent' }} />
                  <span className="muted">{int(c.n, lang)}</span>
                </h2>
                {c.n === 0 && <p className="faint small">{m.cases.boardNone}</p>}
                <ul>
                  {c.rows.map(r => (
                    <li key={r.id} className={r.late > 0 ? 'late' : undefined}>
                      <Link className="title-link" to="/cases/$id" params={{ id: r.id }} search={{}}>
                        {l(r.title)}
                      </Link>
                      <span className="muted small">{r.place_name}</span>
                      <span className="row wrap small">
                        <Deadline row={r} />
                        {r.waits && <span className="faint">{r.waits.name}</span>}
                      </span>
                    </li>
                  ))}
                </ul>
                {c.n > c.rows.length && (
                  <button type="button" className="link" onClick={() => more(c.state)}>
                    {m.cases.boardMore({ n: c.n - c.rows.length })}
                  </button>
                )}
              </section>
            ))}
        </div>
      )}
    </Loaded>
  )
}
