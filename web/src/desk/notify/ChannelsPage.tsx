import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { get, send, type Body } from '../../api/client'
import { shortTime } from '../../shared/format'
import { Combo } from '../ui/Combo'
import { Dialog } from '../ui/Dialog'
import { Icon } from '../ui/Icon'
import { Loaded, State, useProblemText } from '../ui/States'
import { StatusMark } from '../ui/StatusMark'
import { toast } from '../ui/Toast'
import { Verbs } from '../ui/Verbs'
import { useMe, useTitle, useUnits } from '../ui/hooks'
import { useI18n } from './texts'
import './channels.css'

const KINDS = ['wecom', 'dingtalk', 'feishu', 'webhook', 'email']

/** Where the news of one's units go besides the workbench. */
export default function ChannelsPage() {
  const { m } = useI18n()
  useTitle(m.channels.title)
  const me = useMe()
  const client = useQueryClient()
  const units = useUnits()
  const problem = useProblemText()
  const [adding, setAdding] = useState(false)
  const mayAdd = me.verbs.includes('account.edit')
  const query = useQuery({
    queryKey: ['channels'],
    queryFn: ({ signal }) => get('/channels', {}, signal),
  })
  const act = useMutation({
    mutationFn: (a: { id: string; drop: boolean }): Promise<unknown> => (a.drop ? send('delete', '/channels/{id}', { id: a.id }) : send('post', '/channels/{id}/try', { id: a.id })),
    onSuccess: (_, a) => {
      toast(a.drop ? m.channels.dropped : m.channels.tried)
      if (!a.drop) setTimeout(() => void client.invalidateQueries({ queryKey: ['channels'] }), 2500)
    },
    onError: e => toast.bad(problem(e)),
    onSettled: () => client.invalidateQueries({ queryKey: ['channels'] }),
  })
  return (
    <div className="page">
      <h1 className="unseen">{m.channels.title}</h1>
      {mayAdd && (
        <Verbs>
          <button type="button" className="btn primary" onClick={() => setAdding(true)}>
            <Icon name="plus" />
            {m.channels.add}
          </button>
        </Verbs>
      )}
      <p className="muted channels-intro">
        {m.channels.intro}
        {!mayAdd && ` ${m.channels.admins}`}
      </p>
      <Loaded query={query}>
        {d =>
          d.items.length === 0 ? (
            <State kind="empty" title={m.channels.none} />
          ) : (
            <ul className="channels">
              {d.items.map(c => (
                <li key={c.id}>
                  <span className="name">
                    <b>{c.name}</b>
                    <span className="muted">
                      {units.data?.find(u => u.id === c.unit)?.name}
                      {m.common.sep}
                      {m.channels.kinds[c.kind]}
                      {m.common.sep}
                      {c.target}
                    </span>
                  </span>
                  <span className="channel-state">
                    {c.last_at === 0 ? (
                      <span className="faint">{m.channels.never}</span>
                    ) : (
                      <>
                        <StatusMark mark={c.last_error ? 'late' : 'ok'}>{c.last_error ? m.channels.failed : m.channels.fine}</StatusMark>
                        <span className="faint small">{m.channels.last({ t: shortTime(c.last_at, me.today) })}</span>
                        {c.last_error && (
                          <>
                            <span className="small">{m.channels.errors[c.last_error] ?? c.last_error}</span>
                            <span className="faint small">{m.channels.again}</span>
                          </>
                        )}
                      </>
                    )}
                  </span>
                  <span className="row">
                    <button type="button" className="btn slim" disabled={act.isPending} onClick={() => act.mutate({ id: c.id, drop: false })}>
                      {m.channels.tryIt}
                    </button>
                    <button type="button" className="btn slim danger" disabled={act.isPending} onClick={() => act.mutate({ id: c.id, drop: true })}>
                      {m.channels.drop}
                    </button>
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      {adding && <AddDialog mail={query.data?.mail ?? false} onClose={() => setAdding(false)} />}
    </div>
  )
}

function AddDialog({ mail, onClose }: { mail: boolean; onClose: () => void }) {
  const { m } = useI18n()
  const me = useMe()
  const client = useQueryClient()
  const problem = useProblemText()
  const [kind, setKind] = useState<Body<'/channels', 'post'>['kind']>('wecom')
  const [unit, setUnit] = useState(String(me.grants[0]?.unit.id ?? ''))
  const [name, setName] = useState('')
  const [target, setTarget] = useState('')
  const [secret, setSecret] = useState('')
  const add = useMutation({
    mutationFn: () => send('post', '/channels', {}, { unit: Number(unit), kind, name, target, secret }),
    onSuccess: () => {
      toast(m.channels.added)
      onClose()
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['channels'] }),
  })
  const own = me.grants.map(g => ({ value: String(g.unit.id), label: g.unit.name }))
  return (
    <Dialog title={m.channels.add} onClose={onClose} onSubmit={() => add.mutate()} submit={m.common.add} busy={add.isPending} error={add.error ? problem(add.error) : ''}>
      <div className="grid-2">
        <div className="field">
          <label htmlFor="ch-unit">{m.common.unit}</label>
          <Combo id="ch-unit" label={m.common.unit} value={unit} options={own} onChange={v => setUnit(v ?? '')} />
        </div>
        <div className="field">
          <label htmlFor="ch-kind">{m.channels.kind}</label>
          <Combo id="ch-kind" label={m.channels.kind} value={kind} options={KINDS.filter(k => mail || k !== 'email').map(k => ({ value: k, label: m.channels.kinds[k]! }))} onChange={v => setKind((v ?? 'wecom') as typeof kind)} />
        </div>
      </div>
      <div className="field">
        <label htmlFor="ch-name">{m.channels.name}</label>
        <input id="ch-name" className="input" value={name} maxLength={40} placeholder={m.channels.nameHint} onChange={e => setName(e.target.value)} />
      </div>
      <div className="field">
        <label htmlFor="ch-target">{m.channels.target}</label>
        <input id="ch-target" className="input" value={target} maxLength={500} placeholder={m.channels.targetHint} onChange={e => setTarget(e.target.value)} />
      </div>
      {kind !== 'email' && kind !== 'wecom' && (
        <div className="field">
          <label htmlFor="ch-secret">{m.channels.secret}</label>
          <input id="ch-secret" className="input" value={secret} maxLength={200} autoComplete="off" onChange={e => setSecret(e.target.value)} />
        </div>
      )}
      {!mail && <p className="faint gap-2">{m.channels.noMail}</p>}
    </Dialog>
  )
}
