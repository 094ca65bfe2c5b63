import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { get } from '../../api/client'
import type { Unit, UnitDetail } from '../../api/answers'
import { longDay } from '../../shared/format'
import { Back } from '../ui/Back'
import { Loaded } from '../ui/States'
import { StatusMark } from '../ui/StatusMark'
import { useSchemes } from '../ui/hooks'
import { Attributes } from './Attributes'
import { changes, type UnitAction } from './UnitDialogs'
import { useI18n } from './texts'

export function Detail({
  id,
  units,
  onAction,
  onPick,
  onBack,
}: {
  id: number
  units: Unit[]
  onAction: (a: UnitAction, u: UnitDetail) => void
  onPick: (id: number) => void
  onBack: () => void
}) {
  const { m, l, lang } = useI18n()
  const query = useQuery({ queryKey: ['unit', id], queryFn: ({ signal }) => get('/units/{id}', { id }, signal) })
  const schemes = useSchemes()
  const scheme = (k: string) => l(schemes.data?.find(s => s.key === k)?.title) || k
  const span = (from: string, until: string | null) => `${longDay(from, lang)} – ${until ? longDay(until, lang) : m.units.now}`
  const children = units.filter(u => u.parent === id)
  const bound = (e: UnitDetail['lines'][number], i: number) => (
    <li key={i}>
      <button type="button" className="link" onClick={() => onPick(e.unit.id)}>
        {e.unit.name}
      </button>{' '}
      <span className="faint">{span(e.from, e.until)}</span>
    </li>
  )
  return (
    <Loaded query={query}>
      {u => (
        <>
          <Back to={m.units.tree} onClick={onBack} />
          <header className="units-head">
            <div className="grow">
              <p className="faint">{u.path}</p>
              <h1>
                {u.name} {u.until && <StatusMark mark="void">{m.units.closed}</StatusMark>}
              </h1>
            </div>
            <Link className="btn" to="/" search={{ unit: u.id }}>
              {m.units.openSummary}
            </Link>
            <Link className="btn" to="/ledger" search={{ unit: u.id }}>
              {m.units.openLedger}
            </Link>
          </header>
          {u.may.edit && (
            <div className="row wrap uacts">
              {(['add', 'rename', 'move', 'merge', 'scheme', 'line', 'close'] as const).map(a => (
                <button
                  type="button"
                  key={a}
                  className={a === 'close' || a === 'merge' ? 'btn slim danger' : 'btn slim'}
                  disabled={!!u.until && a !== 'rename'}
                  onClick={() => onAction(a, u)}
                >
                  {a === 'add' ? m.units.addUnder : changes(m)[a]}
                </button>
              ))}
            </div>
          )}
          <dl className="pairs gap-3">
            <dt>{m.units.type}</dt>
            <dd className="cap">{m.units.types[u.type] ?? u.type}</dd>
            <dt>{m.units.code}</dt>
            <dd>{u.code ?? <span className="faint">{m.common.none}</span>}</dd>
            <dt>{m.units.scheme}</dt>
            <dd>{scheme(u.scheme)}</dd>
            {u.from > '1970-01-01' && (
              <>
                <dt>{m.units.since}</dt>
                <dd>{longDay(u.from, lang)}</dd>
              </>
            )}
            {u.until && (
              <>
                <dt>{m.units.until}</dt>
                <dd>{longDay(u.until, lang)}</dd>
              </>
            )}
          </dl>
          <Attributes unit={u.id} />
          <div className="ucols">
            <section>
              <h3>{m.units.parents}</h3>
              <ol className="log gap-2">
                {[...(u.edges ?? [])].reverse().map(bound)}
                {!u.edges?.length && <li className="faint">{m.units.root}</li>}
              </ol>
            </section>
            <section>
              <h3>{m.units.lines}</h3>
              {!u.lines?.length ? (
                <p className="faint gap-2">{m.units.noLines}</p>
              ) : (
                <ol className="log gap-2">
                  {u.lines.map(bound)}
                </ol>
              )}
            </section>
            {(u.schemes?.length ?? 0) > 1 && (
              <section>
                <h3>{m.units.schemes}</h3>
                <ol className="log gap-2">
                  {[...u.schemes].reverse().map((e, i) => (
                    <li key={i}>
                      {scheme(e.scheme)}{' '}
                      <span className="faint">
                        {m.common.from} {longDay(e.from, lang)}
                      </span>
                    </li>
                  ))}
                </ol>
              </section>
            )}
            {children.length > 0 && (
              <section>
                <h3>{m.units.children({ n: children.length })}</h3>
                <p className="row wrap gap-2">
                  {children.map(c => (
                    <button type="button" key={c.id} className="tag tagb" onClick={() => onPick(c.id)}>
                      {c.name}
                    </button>
                  ))}
                </p>
              </section>
            )}
          </div>
        </>
      )}
    </Loaded>
  )
}
