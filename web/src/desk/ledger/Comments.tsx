import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { get, send } from '../../api/client'
import { shortTime } from '../../shared/format'
import { Combo } from '../ui/Combo'
import { useProblemText } from '../ui/States'
import { toast } from '../ui/Toast'
import { useMe } from '../ui/hooks'
import { useI18n } from './texts'


/** What people say about a record; a person addressed finds it on the bench. */
export function Comments({ id }: { id: string }) {
  const { m } = useI18n()
  const me = useMe()
  const client = useQueryClient()
  const problem = useProblemText()
  const box = useId()
  const [body, setBody] = useState('')
  const [to, setTo] = useState('')
  const query = useQuery({ queryKey: ['entry', id, 'comments'], queryFn: ({ signal }) => get('/entries/{id}/comments', { id }, signal) })
  const say = useMutation({
    mutationFn: () => send('post', '/entries/{id}/comments', { id }, { body, ...(to ? { to } : {}) }),
    onSuccess: () => {
      setBody('')
      toast(m.talk.sent)
    },
    onError: e => toast.bad(problem(e)),
    onSettled: () => client.invalidateQueries({ queryKey: ['entry', id, 'comments'] }),
  })
  const items = query.data?.items ?? []
  return (
    <section className="talk noprint">
      <h3>{m.talk.title}</h3>
      {/* the line keeps its place while the words come */}
      {items.length === 0 && (
        <p className="faint gap-2" style={query.data ? undefined : { visibility: 'hidden' }}>
          {m.talk.none}
        </p>
      )}
      <ul>
        {items.map(c => (
          <li key={c.id}>
            <span className="muted small">
              <b>{c.by}</b>　{shortTime(c.at, me.today)}
            </span>
            <p>
              {c.to && <b className="at">{m.talk.toWhom({ name: c.to })} </b>}
              {c.body}
            </p>
          </li>
        ))}
      </ul>
      <form
        onSubmit={e => {
          e.preventDefault()
          if (body.trim() && !say.isPending) say.mutate()
        }}
      >
        <label className="unseen" htmlFor={`${box}b`}>
          {m.talk.say}
        </label>
        <textarea id={`${box}b`} className="input" rows={2} maxLength={1000} placeholder={m.talk.say} value={body} onChange={e => setBody(e.target.value)} />
        {body.trim() && (
          <div className="row wrap">
            <Combo
              id={`${box}t`}
              label={m.talk.to}
              value={to}
              options={[{ value: '', label: m.talk.everyone }, ...(query.data?.people ?? []).map(p => ({ value: p.account, label: p.name, hint: p.unit, search: p.initials }))]}
              onChange={v => setTo(v ?? '')}
            />
            <button type="submit" className="btn primary" disabled={say.isPending}>
              {m.talk.send}
            </button>
          </div>
        )}
      </form>
    </section>
  )
}
