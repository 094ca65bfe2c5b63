import type { ReactNode } from 'react'

/** What a column is called: one of numbers stands to the right, one below the other; one of buttons is named for a reader alone; false leaves it out. */
export type Title = string | false | { num: string } | { unseen: string }

/** The head of a table whose rows are more than columns can say. */
export function Heads({ of }: { of: readonly Title[] }) {
  return (
    <thead>
      <tr>
        {of.map((t, i) => {
          if (t === false) return null
          if (typeof t === 'string') return <th key={i}>{t}</th>
          return 'num' in t ? (
            <th key={i} className="num">
              {t.num}
            </th>
          ) : (
            <th key={i}>
              <span className="unseen">{t.unseen}</span>
            </th>
          )
        })}
      </tr>
    </thead>
  )
}

export type Column<T> = {
  title: ReactNode
  cell: (row: T) => ReactNode
  /** Numbers stand to the right, one below the other. */
  num?: boolean
  /** What names the row. */
  head?: boolean
  className?: string
}

type Props<T> = {
  columns: readonly Column<T>[]
  rows: readonly T[] | null | undefined
  id: (row: T, i: number) => string | number
  className?: string | undefined
  /** What the table is called, where no heading says it. */
  label?: string
}

/** A plain table: what its columns are called and what stands in them. */
export function Table<T>({ columns, rows, id, className = 'table', label }: Props<T>) {
  const cls = (c: Column<T>) => [c.num ? 'num' : '', c.className].filter(Boolean).join(' ') || undefined
  return (
    <table className={className} aria-label={label}>
      <thead>
        <tr>
          {columns.map((c, i) => (
            <th key={i} className={c.num ? 'num' : undefined}>
              {c.title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows?.map((row, at) => (
          <tr key={id(row, at)}>
            {columns.map((c, i) =>
              c.head ? (
                <th key={i} scope="row" className={cls(c)}>
                  {c.cell(row)}
                </th>
              ) : (
                <td key={i} className={cls(c)}>
                  {c.cell(row)}
                </td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
