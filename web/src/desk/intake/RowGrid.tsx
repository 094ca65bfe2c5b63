import { useIsPhone, useUrl } from '../ui/hooks'
import { useI18n } from './texts'
import { type Act, type View, type Line, type Mend } from './types'
import { CellOf } from './CellInput'

export function Pages({ view: v }: { view: View }) {
  const { m } = useI18n()
  const [, set] = useUrl()
  const from = (v.page - 1) * 100
  if (v.matching <= 100) return null
  return (
    <div className="row intake-pages">
      <button type="button" className="btn slim" disabled={v.page <= 1} onClick={() => set({ page: v.page - 1 }, { replace: true })}>
        {m.batch.less}
      </button>
      <span className="muted">{m.batch.rows({ from: from + 1, to: Math.min(from + 100, v.matching), all: v.matching })}</span>
      <button type="button" className="btn slim" disabled={from + 100 >= v.matching} onClick={() => set({ page: v.page + 1 }, { replace: true })}>
        {m.batch.more}
      </button>
    </div>
  )
}

export function Grid({ view: v, mend, act, busy }: { view: View; mend: (x: Mend) => void; act: (x: Act) => void; busy: boolean }) {
  const { m, l } = useI18n()
  const phone = useIsPhone()
  const columns = v.columns ?? []
  // columns nobody filled in are noise in a check; those that are not read stand last
  const used = columns
    .map((_, i) => i)
    .filter(i => v.lines?.some(x => x.cells?.[i] || x.faults?.some(f => f.column === i)))
    .sort((a, b) => Number(v.assigned && !columns[a]!.key) - Number(v.assigned && !columns[b]!.key) || a - b)
  if (phone)
    return (
      <ul className="intake-cards">
        {v.lines?.map(x => (
          <li key={x.line} className={x.state === 'bad' ? 'bad' : ''}>
            <b className="muted">
              {m.batch.line} {at(x)}
            </b>
            {(x.state === 'bad' ? used.filter(i => x.faults?.some(f => f.column === i)) : used.slice(0, 3)).map(i => (
              <div key={i} className="card-cell">
                <span className="muted">{columns[i]!.title}</span>
                <CellOf line={x} i={i} column={columns[i]!} mend={mend} busy={busy} />
              </div>
            ))}
            <Rest line={x} />
            <Acts line={x} act={act} busy={busy} />
          </li>
        ))}
      </ul>
    )
  return (
    <div className="intake-grid" tabIndex={-1}>
      <table className="table">
        <thead>
          <tr>
            <th className="line">{m.batch.line}</th>
            {used.map(i => (
              <th key={i}>
                {columns[i]!.title}
                {v.assigned && <span className="assign-to">{columns[i]!.key ? l(columns[i]!.field) : m.assign.unreadShort}</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {v.lines?.map(x => (
            <tr key={x.line} className={x.state === 'bad' ? 'bad' : ''}>
              <td className="line faint">
                {at(x)}
                <Rest line={x} />
                <Acts line={x} act={act} busy={busy} />
              </td>
              {used.map(i => (
                <td key={i}>
                  <CellOf line={x} i={i} column={columns[i]!} mend={mend} busy={busy} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** The number of a row, after the name of its sheet where several are read. */
const at = (x: Line) => (x.sheet ? `${x.sheet} ${x.row}` : x.row)

/** What can be done with a row that is not simply mended. */
function Acts({ line: x, act, busy }: { line: Line; act: (x: Act) => void; busy: boolean }) {
  const { m } = useI18n()
  const verb = (does: NonNullable<Act['do']>, text: string) => (
    <button type="button" className="link" disabled={busy} aria-label={`${text}${m.common.sep}${m.batch.line} ${at(x)}`} onClick={() => act({ lines: [x.line], do: does })}>
      {text}
    </button>
  )
  if (x.state === 'aside') return <span className="acts">{verb('take', m.batch.take)}</span>
  if (x.state !== 'bad') return null
  return (
    <span className="acts">
      {x.like && verb('correct', m.batch.correct({ number: x.like }))}
      {x.faults.some(f => f.like) && verb('another', m.batch.another)}
      {verb('leave', m.batch.skip)}
    </span>
  )
}

/** Faults of the row as a whole. */
export function Rest({ line }: { line: Line }) {
  const whole = line.faults?.filter(f => f.column < 0) ?? []
  return whole.map(f => (
    <p key={f.message} className="say">
      {f.message}
    </p>
  ))
}
