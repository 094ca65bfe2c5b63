import type { ReactNode } from 'react'

export type Column<T> = {
  title: ReactNode
  cell: (row: T) => ReactNode
  /** Numbers stand to the right, one below the other. */
  num?: boolean
  /** What names the row. */
  head?: boolean
  className?: string
}

/** A plain table: what its columns are called and what stands in them. */
export function Table<T>({ columns, rows, id, className = 'table' }: { columns: readonly Column<T>[]; rows: readonly T[] | null | undefined; id: (row: T) => string | number; className?: string }) {
  const cls = (c: Column<T>) => [c.num ? 'num' : '', c.className].filter(Boolean).join(' ') || undefined
  return (
    <table className={className}>
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
        {rows?.map(row => (
          <tr key={id(row)}>
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
