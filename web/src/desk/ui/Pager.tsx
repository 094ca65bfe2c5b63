import { useI18n } from '../../shared/i18n'

/** The way through the pages of a list that is longer than one; nothing where it is not. */
export function Pager({ page, size, total, go }: { page: number; size: number; total: number; go: (page: number) => void }) {
  const { m } = useI18n()
  if (total <= size) return null
  return (
    <p className="row gap-3">
      <button type="button" className="btn slim" disabled={page <= 1} onClick={() => go(page - 1)}>
        {m.common.previous}
      </button>
      <span className="faint">{m.common.page({ a: (page - 1) * size + 1, b: Math.min(page * size, total), n: total })}</span>
      <button type="button" className="btn slim" disabled={page * size >= total} onClick={() => go(page + 1)}>
        {m.common.next}
      </button>
    </p>
  )
}
