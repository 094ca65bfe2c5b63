import { useState } from 'react'
import type { Kind } from '../../api/answers'
import { useUrl } from '../ui/hooks'
import { FieldFilters } from './FieldFilters'
import { useI18n } from './texts'
import { STATES } from './states'

export function FilterBar({ inputRef, kind }: { inputRef: React.RefObject<HTMLInputElement | null>; kind: Kind }) {
  const { m } = useI18n()
  const [search, set] = useUrl()
  const [q, setQ] = useState(search.q ?? '')
  return (
    <form
      className="filter"
      role="search"
      onSubmit={e => {
        e.preventDefault()
        set({ q: q.trim() || undefined, page: undefined, open: undefined })
      }}
    >
      <label className="filter-label">
        <span>{m.common.state}</span>
        <select
          className="input"
          value={search.state ?? ''}
          onChange={e => set({ state: e.target.value || undefined, page: undefined, open: undefined })}
        >
          <option value="">{m.common.all}</option>
          {STATES.map(s => (
            <option key={s} value={s}>
              {m.state[s]}
            </option>
          ))}
        </select>
      </label>
      <FieldFilters kind={kind} />
      <label className="filter-label grow">
        <span>{m.ledger.keyword}</span>
        <input ref={inputRef} className="input" type="search" placeholder={m.ledger.keywordHint} value={q} onChange={e => setQ(e.target.value)} />
      </label>
      <button className="btn" type="submit">
        {m.common.search}
      </button>
    </form>
  )
}
