import type { ClipboardEvent } from 'react'
import { FieldBox } from '../ui/Field'
import { Icon } from '../ui/Icon'
import { isFilled, type Cells, type Column } from './table'
import { useI18n } from './texts'

/** One row at a time, for a phone: what the row above holds is taken over with one tap, and filled rows are listed below. */
export function TableRows({ columns, rows, at, go, faults, put, paste, defaultUnit }: Cells & { at: number; go: (i: number) => void }) {
  const { m } = useI18n()
  const row = rows[at]!
  const above = at > 0 ? rows[at - 1]! : null
  const filled = rows.map((r, i) => ({ r, i })).filter(x => isFilled(x.r))
  const label = (c: Column, v: string) => c.options?.find(o => o.value === v)?.label ?? v
  return (
    <>
      <section className="table-row" key={at}>
        <header>
          <h2 tabIndex={-1}>{m.table.row({ i: at + 1 })}</h2>
          {row.some(c => c) && (
            <button type="button" className="link" onClick={() => put(columns.map((_, j) => [at, j, '']))}>
              {m.table.clear}
            </button>
          )}
          {at > 0 && (
            <button type="button" className="link" onClick={() => go(at - 1)}>
              {m.table.previous}
            </button>
          )}
        </header>
        {columns.map((c, j) => {
          const v = row[j]!
          const same = above?.[j]?.trim() && !v ? above[j]! : ''
          return (
            <FieldBox key={c.key} label={c.required ? `${c.title} *` : c.title} error={faults.get(`${at} ${j}`)}>
              {a => {
                const common = {
                  id: a.id,
                  'data-cell': `${at} ${j}`,
                  'aria-invalid': a.invalid || undefined,
                  'aria-describedby': a.describedby,
                  className: a.invalid ? 'input bad' : 'input',
                  value: v,
                  onPaste: (e: ClipboardEvent<HTMLElement>) => paste(e, at, j),
                }
                return (
                  <div className="table-in">
                    {c.options ? (
                      <select {...common} onChange={e => put([[at, j, e.target.value]])}>
                        <option value="">{m.common.choose}</option>
                        {v && !c.options.some(o => o.value === v) && <option>{v}</option>}
                        {c.options.map(o => (
                          <option key={o.value} value={o.value}>
                            {o.label}
                          </option>
                        ))}
                      </select>
                    ) : c.date && /^(\d{4}-\d{2}-\d{2})?$/.test(v) ? (
                      <input {...common} type="date" onChange={e => put([[at, j, e.target.value]])} />
                    ) : (
                      <input {...common} autoComplete="off" inputMode={c.number ? 'decimal' : undefined} placeholder={j === 0 ? defaultUnit : ''} onChange={e => put([[at, j, e.target.value]])} />
                    )}
                    {same && (
                      <button type="button" className="btn" onClick={() => put([[at, j, same]])}>
                        <span className="cut">{m.table.same({ v: label(c, same) })}</span>
                      </button>
                    )}
                  </div>
                )
              }}
            </FieldBox>
          )
        })}
      </section>
      {filled.length > 0 && (
        <section className="table-done">
          <h2>{m.table.filled({ n: filled.length })}</h2>
          <ol>
            {filled.map(({ r, i }) => {
              const bad = columns.some((_, j) => faults.has(`${i} ${j}`))
              return (
                <li key={i}>
                  <button type="button" className={bad ? 'bad' : ''} aria-current={i === at || undefined} onClick={() => go(i)}>
                    <span className="num">{i + 1}</span>
                    <span className="cut">
                      {columns
                        .map((c, j) => (j > 0 && r[j]?.trim() ? label(c, r[j]!) : ''))
                        .filter(Boolean)
                        .join(' · ')}
                    </span>
                    {bad ? <Icon name="warn" /> : <Icon name="right" />}
                  </button>
                </li>
              )
            })}
          </ol>
        </section>
      )}
    </>
  )
}
