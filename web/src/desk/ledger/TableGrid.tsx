import type { ClipboardEvent, KeyboardEvent } from 'react'
import type { Cells } from './table'
import { useI18n } from './texts'

/** All rows and columns at once, as a spreadsheet has them. */
export function TableGrid({ columns, rows, faults, put, paste, focus, defaultUnit }: Cells & { focus: (i: number, j: number) => void }) {
  const { m, lang } = useI18n()
  const keys = (e: KeyboardEvent<HTMLElement>, i: number, j: number) => {
    if (e.nativeEvent.isComposing) return
    const select = e.currentTarget.tagName === 'SELECT'
    if (e.key === 'Enter' || (e.key === 'ArrowDown' && !select)) {
      e.preventDefault()
      if (i + 1 === rows.length) put([[i + 1, 0, '']])
      focus(i + 1, j)
    } else if (e.key === 'ArrowUp' && !select) {
      e.preventDefault()
      focus(Math.max(0, i - 1), j)
    }
  }
  return (
    <div className="table-grid">
      <table>
        <thead>
          <tr>
            <th scope="col" aria-label={m.batch.line} />
            {columns.map(c => (
              <th key={c.key} scope="col">
                {c.title}
                {c.required && <span className="req"> *</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((r, i) => (
            <tr key={i}>
              <th scope="row">{i + 1}</th>
              {columns.map((c, j) => {
                const bad = faults.has(`${i} ${j}`)
                const common = {
                  'data-cell': `${i} ${j}`,
                  'aria-label': m.batch.cell({ row: i + 1, column: c.title }),
                  'aria-invalid': bad || undefined,
                  title: faults.get(`${i} ${j}`),
                  value: r[j]!,
                  onKeyDown: (e: KeyboardEvent<HTMLElement>) => keys(e, i, j),
                  onPaste: (e: ClipboardEvent<HTMLElement>) => paste(e, i, j),
                }
                return (
                  <td key={c.key} className={bad ? 'bad' : c.number ? 'num' : ''}>
                    {c.options ? (
                      <select {...common} onChange={e => put([[i, j, e.target.value]])}>
                        <option value="">{' '}</option>
                        {r[j] && !c.options.some(o => o.value === r[j]) && <option>{r[j]}</option>}
                        {c.options.map(o => (
                          <option key={o.value} value={o.value}>
                            {o.label}
                          </option>
                        ))}
                      </select>
                    ) : (
                      <input
                        {...common}
                        autoComplete="off"
                        inputMode={c.number ? 'decimal' : undefined}
                        placeholder={j === 0 ? defaultUnit : i === 0 && c.date ? '2020-08-02' : ''}
                        size={c.number ? 6 : 12}
                        lang={lang}
                        onChange={e => put([[i, j, e.target.value]])}
                      />
                    )}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
