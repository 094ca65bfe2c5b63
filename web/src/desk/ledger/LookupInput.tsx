import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { get, send, type Item } from '../../api/client'
import { Combo } from '../ui/Combo'
import { useProblemText } from '../ui/States'
import { toast } from '../ui/Toast'
import { type Props } from './field'
import { useI18n } from './texts'

/** Records and persons are searched on the server; the chosen one's words are kept with the form. */
export function Lookup({ field: f, id, invalid, describedby, draft, onChange, unit, labels, names, onName, path }: Props & { path: '/refs' | '/persons' }) {
  const { m, l } = useI18n()
  const problem = useProblemText()
  const [q, setQ] = useState('')
  const value = draft[f.key] as string | undefined
  const query = useQuery({
    queryKey: ['lookup', path, f.of, unit, q],
    staleTime: 30_000,
    queryFn: async ({ signal }): Promise<(Item<'/refs'> | Item<'/persons'>)[]> => (path === '/refs' ? await get('/refs', { kind: f.of, q }, signal) : await get('/persons', { q }, signal)).items,
  })
  // A lecturer or a guide need not have a login: a name and a unit are enough.
  const add = async (name: string) => {
    try {
      const made = await send('post', '/persons', {}, { name, unit: unit! })
      onName(made.id, name)
      onChange(f.key, made.id)
    } catch (e) {
      toast.bad(problem(e))
    }
  }
  const options = (query.data ?? []).map(x =>
    'title' in x
      ? { value: x.id, label: x.title || x.number, hint: [x.number, x.unit].filter(Boolean).join(' ') }
      : { value: x.id, label: x.name, hint: x.unit },
  )
  return (
    <Combo
      id={id}
      label={l(f.title)}
      value={value}
      text={value ? (names[value] ?? labels[f.key] ?? value) : ''}
      options={options}
      onSearch={setQ}
      loading={query.isPending}
      clearable={!f.required}
      invalid={invalid}
      describedby={describedby}
      placeholder={m.common.choose}
      {...(path === '/persons' && unit !== undefined ? { onCreate: (name: string) => void add(name) } : {})}
      onChange={v => {
        const o = options.find(x => x.value === v)
        if (v && o) onName(v, o.label)
        onChange(f.key, v)
      }}
    />
  )
}
