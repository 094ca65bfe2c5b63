import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { get, send, type Item } from '../../api/client'
import type { Kind } from '../../api/answers'
import { Dialog } from '../ui/Dialog'
import { Icon } from '../ui/Icon'
import { useProblemText } from '../ui/States'
import { toast } from '../ui/Toast'
import { useUrl, type DeskSearch } from '../ui/hooks'
import { ListMenu } from './ListMenu'
import { useI18n } from './texts'

type Saved = Item<'/views'>

const KEPT: (keyof DeskSearch)[] = ['unit', 'period', 'state', 'q', 'sort', 'is', 'cols', 'mine']

/** Lists that were named: one's own and one's office's. A view is the list's own address. */
export function ViewsMenu({ kind }: { kind: Kind }) {
  const { m } = useI18n()
  const [search, set] = useUrl()
  const client = useQueryClient()
  const problem = useProblemText()
  const [saving, setSaving] = useState(false)
  const [name, setName] = useState('')
  const [shared, setShared] = useState(false)
  const query = useQuery({ queryKey: ['views'], queryFn: ({ signal }) => get('/views', {}, signal), staleTime: 60_000 })
  const again = () => client.invalidateQueries({ queryKey: ['views'] })
  const save = useMutation({
    mutationFn: () => {
      const q = new URLSearchParams()
      for (const k of KEPT) if (search[k] !== undefined) q.set(k, String(search[k]))
      return send('post', '/views', {}, { kind: kind.key, name, query: q.toString(), shared })
    },
    onSuccess: () => {
      toast(m.lists.saved)
      setSaving(false)
      setName('')
    },
    onError: e => toast.bad(problem(e)),
    onSettled: again,
  })
  const forget = useMutation({
    mutationFn: (id: string) => send('delete', '/views/{id}', { id }),
    onSuccess: () => toast(m.lists.forgot),
    onError: e => toast.bad(problem(e)),
    onSettled: again,
  })
  const open = (v: Saved) => {
    const q = new URLSearchParams(v.query)
    const next: Record<string, unknown> = { page: undefined, open: undefined, counts_in: undefined }
    for (const k of KEPT) next[k] = q.get(k) ?? undefined
    if (next.unit) next.unit = Number(next.unit)
    set(next as Partial<DeskSearch>)
  }
  const items = (query.data?.items ?? []).filter(v => v.kind === kind.key)
  return (
    <>
      <ListMenu word={m.lists.views}>
        {close => (
          <>
            {items.length === 0 && <p className="faint empty">{m.lists.noViews}</p>}
            {([false, true] as const).map(share => {
              const list = items.filter(v => v.shared === share)
              return (
                list.length > 0 && (
                  <div key={String(share)}>
                    <p className="faint small list-head">{share ? m.lists.shared : m.lists.mine}</p>
                    {list.map(v => (
                      <span key={v.id} className="one">
                        <button
                          type="button"
                          className="opt"
                          onClick={() => {
                            open(v)
                            close()
                          }}
                        >
                          {v.name}
                        </button>
                        {v.mine && (
                          <button type="button" className="btn icon slim" aria-label={m.lists.forget({ name: v.name })} onClick={() => forget.mutate(v.id)}>
                            <Icon name="close" />
                          </button>
                        )}
                      </span>
                    ))}
                  </div>
                )
              )
            })}
            <div className="sep" />
            <button
              type="button"
              className="opt"
              onClick={() => {
                close()
                setSaving(true)
              }}
            >
              <Icon name="plus" />
              {m.lists.save}
            </button>
          </>
        )}
      </ListMenu>
      {saving && (
        <Dialog title={m.lists.saveTitle} onClose={() => setSaving(false)} onSubmit={() => name.trim() && save.mutate()} submit={m.common.save} busy={save.isPending}>
          <div className="field">
            <label htmlFor="view-name">{m.lists.name}</label>
            <input id="view-name" data-autofocus className="input" maxLength={40} value={name} onChange={e => setName(e.target.value)} />
          </div>
          <label className="list-check">
            <input type="checkbox" checked={shared} onChange={e => setShared(e.target.checked)} />
            {m.lists.share}
          </label>
        </Dialog>
      )}
    </>
  )
}
