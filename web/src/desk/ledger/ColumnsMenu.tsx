import { useState } from 'react'
import type { Kind } from '../../api/answers'
import { useUrl } from '../ui/hooks'
import { isBlob, listFields } from './fields'
import { ListMenu } from './ListMenu'
import { useI18n } from './texts'

/** Which fields a list shows: the person's choice, kept on the device and in a view. */
export function useColumnsOf(kind: Kind) {
  const [search, set] = useUrl()
  const store = `sifen.columns.${kind.key}`
  const standard = listFields(kind).map(f => f.key)
  const [own, setOwn] = useState<string[] | null>(() => {
    try {
      const c = JSON.parse(localStorage.getItem(store) ?? 'null') as unknown
      return Array.isArray(c) ? (c as string[]) : null
    } catch {
      return null
    }
  })
  const chosen = search.cols !== undefined ? search.cols.split(',') : (own ?? standard)
  const fields = kind.fields.filter(f => chosen.includes(f.key) && !isBlob(f))
  const choose = (keys: string[] | null) => {
    setOwn(keys)
    try {
      if (keys) localStorage.setItem(store, JSON.stringify(keys))
      else localStorage.removeItem(store)
    } catch {
      // lasts for this page
    }
    set({ cols: undefined }, { replace: true })
  }
  return { fields, chosen, standard, choose }
}

export function ColumnsMenu({ kind, columns }: { kind: Kind; columns: ReturnType<typeof useColumnsOf> }) {
  const { m, l } = useI18n()
  return (
    <ListMenu word={m.lists.columns} right>
      {() => (
        <>
          <p className="faint small list-head">{m.lists.columnsHint}</p>
          {kind.fields
            .filter(f => !isBlob(f) && f.key !== kind.title_field)
            .map(f => (
              <label key={f.key} className="list-check">
                <input
                  type="checkbox"
                  checked={columns.chosen.includes(f.key)}
                  onChange={e => columns.choose(e.target.checked ? [...columns.chosen, f.key] : columns.chosen.filter(k => k !== f.key))}
                />
                {l(f.title)}
              </label>
            ))}
          <div className="sep" />
          <button type="button" className="opt" onClick={() => columns.choose(null)}>
            {m.lists.standard}
          </button>
        </>
      )}
    </ListMenu>
  )
}
