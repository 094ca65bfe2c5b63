import type { Kind } from '../../api/answers'
import { useUrl } from '../ui/hooks'
import { useI18n } from './texts'
import { parseIs, joinIs } from './conditions'

/** Filters made from the kind's own fields. */
export function FieldFilters({ kind }: { kind: Kind }) {
  const { m, l } = useI18n()
  const [search, set] = useUrl()
  const is = parseIs(search.is)
  const fields = kind.fields.filter(f => f.type === 'choice' || f.type === 'bool')
  const put = (key: string, value: string) => {
    const next = new Map(is)
    if (value) next.set(key, value)
    else next.delete(key)
    set({ is: joinIs(next), page: undefined, open: undefined })
  }
  return fields.map(f => (
    <label className="filter-label no-phone" key={f.key}>
      <span>{l(f.title)}</span>
      <select className="input" value={is.get(f.key) ?? ''} onChange={e => put(f.key, e.target.value)}>
        <option value="">{m.lists.any}</option>
        {f.type === 'bool' ? (
          <>
            <option value="true">{m.common.yes}</option>
            <option value="false">{m.common.no}</option>
          </>
        ) : (
          f.options?.map(o => (
            <option key={o.key} value={o.key}>
              {l(o.title)}
            </option>
          ))
        )}
      </select>
    </label>
  ))
}
