import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, Navigate, useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { get, send } from '../../api/client'
import { ProblemError } from '../../api/errors'
import { uuid } from '../../shared/uuid'
import { Dialog } from '../ui/Dialog'
import { ErrorBox, TextArea, TextField } from '../ui/Field'
import { Icon } from '../ui/Icon'
import { Loaded, State } from '../ui/States'
import { StatusMark } from '../ui/StatusMark'
import { TakePhotos } from '../ui/TakePhotos'
import { toast } from '../ui/Toast'
import { useMe, useTitle, useUrl } from '../ui/hooks'
import { useRun } from '../ui/useRun'
import { allFine, answerOf, asked, begin, fine, handedIn, isAnswered, isWrong, takeBack, visitInputs, type Said } from '../../shared/check/answers'
import { Handouts, Sections } from '../../shared/check/Sections'
import type { Form, Spot } from './types'
import { useI18n } from './texts'
import './inspect.css'

export default function CheckPage() {
  const { m, l } = useI18n()
  const [search, set] = useUrl() as [{ key?: string; form?: string }, (p: object, o?: { replace?: boolean }) => void]
  const key = search.key ?? ''
  const query = useQuery({ queryKey: ['inspect-place', key], queryFn: ({ signal }) => get('/inspect-place', { key }, signal), enabled: !!key, staleTime: Infinity })
  useTitle(query.data ? `${query.data.name} · ${m.inspect.check}` : m.inspect.check)
  return (
    <div className="page check-page">
      {!key && <Navigate to="/inspect" search={{}} replace />}
      <Loaded query={query} rows={8}>
        {spot => {
          const form = spot.forms.find(f => f.key === search.form) ?? (spot.forms.length === 1 ? spot.forms[0] : undefined)
          if (!spot.may) return <State kind="forbidden" title={m.states.forbidden} />
          if (spot.forms.length === 0) return <State kind="empty" title={m.check.noForm} />
          if (!form)
            return (
              <>
                <h1>{spot.name}</h1>
                <p className="muted">{m.check.choose}</p>
                <div className="check-forms">
                  {spot.forms.map(f => (
                    <button key={f.key} type="button" className="btn big-tap" onClick={() => set({ form: f.key }, { replace: true })}>
                      {l(f.title)}
                    </button>
                  ))}
                </div>
              </>
            )
          return <Check key={`${spot.key} ${form.key}`} spot={spot} form={form} />
        }}
      </Loaded>
    </div>
  )
}

// What somebody began is his own, also where several use one phone.
const shelf = (who: string, spot: string, form: string) => `sifen.check.${who}.${spot}.${form}`
/** A visit survives a closed page: it is kept on this device until it was handed in. */
function useKept(spot: Spot, form: Form) {
  const me = useMe()
  const where = shelf(me.login, spot.key, form.key)
  const [blank] = useState(() => begin(uuid(), form, spot.points))
  const [said, set] = useState<Said>(() => {
    try {
      const kept = JSON.parse(localStorage.getItem(where) ?? 'null') as Said | null
      // A checklist that has changed meanwhile asks for what is new; what was answered stays.
      if (kept?.id) return { ...kept, form: form.form }
    } catch {
      // what cannot be read is as good as not there
    }
    return blank
  })
  const [resumed] = useState(said !== blank)
  useEffect(() => {
    try {
      if (said !== blank) localStorage.setItem(where, JSON.stringify(said))
    } catch {
      // a full or forbidden store: the page itself still holds it
    }
  }, [said, where, blank])
  const forget = () => {
    localStorage.removeItem(where)
  }
  return { said, set, forget, resumed }
}

function Check({ spot, form }: { spot: Spot; form: Form }) {
  const { m, l } = useI18n()
  const client = useQueryClient()
  const navigate = useNavigate()
  const { said, set, forget, resumed } = useKept(spot, form)
  const { busy, error, run } = useRun()
  const [undo, setUndo] = useState<{ before: Said; filled: Said } | null>(null)
  const [ask, setAsk] = useState<'left' | 'discard' | null>(null)
  const visit = visitInputs(spot.type, spot.self, said)
  const list = asked(form, said, visit)
  const counts = list.filter(x => answerOf(x.item) !== 'text')
  const done = counts.filter(x => isAnswered(x.item, said.answers[x.at]))
  const open = counts.filter(x => !isAnswered(x.item, said.answers[x.at]))
  const rest = open.filter(x => fine(x.item) !== undefined)
  const wrong = counts.filter(x => isWrong(x.item, said.answers[x.at]))
  const fill = () => {
    const filled = allFine(form, said, visit)
    setUndo({ before: said, filled })
    set(filled)
  }
  useEffect(() => {
    if (!undo) return
    const t = setTimeout(() => setUndo(null), 5000)
    return () => clearTimeout(t)
  }, [undo])
  const submit = () =>
    void run(async () => {
      try {
        await hand()
      } catch (e) {
        // Another tab handed in another content under this id: what stands here becomes a visit of its own.
        if (e instanceof ProblemError && e.problem.code === 'inspect.sent-already') set(was => ({ ...was, id: uuid() }))
        throw e
      }
    })
  const hand = async () => {
      const v = await send('post', '/visits', {}, handedIn(spot.key, form, said, list))
      forget()
      client.setQueryData(['visit', v.id], v)
      void client.invalidateQueries({ predicate: q => ['visits', 'inspect-place', 'inspect-places', 'inspect-today', 'campaign', 'campaigns', 'cases', 'bench', 'figure', 'me'].includes(String(q.queryKey[0])) })
      toast(m.inspect.sent)
      await navigate({ to: '/visits/$id', params: { id: v.id }, search: {} })
  }
  const old = spot.open_cases.filter(c => c.stage !== 'draft')
  return (
    <>
      <header className="check-head">
        <Link to="/inspect" search={{}} className="btn icon" aria-label={m.common.back}>
          <Icon name="left" />
        </Link>
        <div className="grow">
          <h1>{spot.name}</h1>
          <p className="muted small">
            {[l(form.title), m.check.items({ n: counts.length }), spot.party ? m.check.answers({ t: spot.party.name }) : ''].filter(Boolean).join(m.common.sep)}
          </p>
        </div>
      </header>
      {spot.self && <p className="hint">{m.check.self}</p>}
      {resumed && <p className="hint">{m.check.resumed}</p>}
      {form.sample && (
        <p className="check-sample">
          <b>{m.check.sample}</b> {l(form.sample)}
        </p>
      )}
      {error && <ErrorBox>{error}</ErrorBox>}
      {old.length > 0 && (
        <section className="check-old" data-testid="old">
          {old.map((c, i) => {
            const look = said.looks[c.id]
            const put = (passed: boolean) => set(was => ({ ...was, looks: { ...was.looks, [c.id]: { words: '', photos: [], ...was.looks[c.id], passed } } }))
            return (
              <div key={c.id} className="check-look">
                <p>
                  <StatusMark mark="late">{m.check.oldOpen({ a: i + 1, b: old.length })}</StatusMark> <b>{l(c.title)}</b>
                  {c.place_name !== spot.name && <span className="muted"> {c.place_name}</span>}
                </p>
                <div className="check-two">
                  <button type="button" className="tap" aria-pressed={look?.passed === true} onClick={() => put(true)}>
                    {m.check.fixed}
                  </button>
                  <button type="button" className="tap" aria-pressed={look?.passed === false} onClick={() => put(false)}>
                    {m.check.notFixed}
                  </button>
                </div>
                {look && (
                  <TakePhotos
                    value={look.photos}
                    onChange={next => set(was => ({ ...was, looks: { ...was.looks, [c.id]: { ...was.looks[c.id]!, photos: next(was.looks[c.id]!.photos) } } }))}
                    label={m.check.photo}
                    max={3}
                  />
                )}
              </div>
            )
          })}
        </section>
      )}
      <Sections
        form={form}
        said={said}
        list={list}
        open={spot.open_cases}
        objects={spot.objects}
        kinds={spot.kinds}
        change={set}
        photos={() => (value, onChange) => <TakePhotos value={value} onChange={onChange} label={m.check.photo} />}
      />
      <section className="check-section check-last">
        <Handouts form={form} said={said} change={set} />
        <TextField label={m.check.present} hint={m.check.presentHint} value={said.present} onChange={present => set(was => ({ ...was, present }))} />
        <TextArea label={m.check.remark} optional={m.common.optional} rows={2} value={said.words} onChange={words => set(was => ({ ...was, words }))} maxLength={500} />
        {!spot.self && (
          <label className="row">
            <input type="checkbox" className="check" checked={said.special} onChange={e => set(was => ({ ...was, special: e.target.checked }))} />
            {m.check.special}
          </label>
        )}
        <button type="button" className="btn quiet" onClick={() => setAsk('discard')}>
          {m.check.discard}
        </button>
      </section>
      <div className="check-bar noprint">
        <p className="row">
          <span>{m.check.answered({ a: done.length, b: counts.length })}</span>
          <span className={wrong.length > 0 ? 'late strong' : 'muted'}>{m.check.wrong({ n: wrong.length })}</span>
          <span className="grow" />
          {undo ? (
            <button
              type="button"
              className="btn quiet slim"
              onClick={() => {
                set(was => takeBack(was, undo.filled, undo.before))
                setUndo(null)
              }}
            >
              {m.check.undo}
            </button>
          ) : (
            done.length > 0 && <span className="faint small">{m.check.draft}</span>
          )}
        </p>
        <div className="check-two">
          {rest.length > 0 ? (
            <>
              <button type="button" className="btn primary check-main" disabled={busy} onClick={fill}>
                {m.check.allFine({ n: rest.length })}
              </button>
              <button type="button" className="btn check-main" disabled={busy || done.length + Object.keys(said.looks).length === 0} onClick={() => (open.length > 0 ? setAsk('left') : submit())}>
                {m.check.submit}
              </button>
            </>
          ) : (
            <button type="button" className="btn primary check-main" disabled={busy || done.length + Object.keys(said.looks).length === 0} onClick={() => (open.length > 0 ? setAsk('left') : submit())}>
              {m.check.submit}
            </button>
          )}
        </div>
      </div>
      {ask === 'left' && (
        <Dialog
          title={m.check.leftTitle}
          onClose={() => setAsk(null)}
          submit={m.check.submit}
          onSubmit={() => {
            setAsk(null)
            submit()
          }}
        >
          <p>{m.check.leftOpen({ n: open.length })}</p>
        </Dialog>
      )}
      {ask === 'discard' && (
        <Dialog
          title={m.check.discard}
          danger
          onClose={() => setAsk(null)}
          submit={m.check.discard}
          onSubmit={() => {
            forget()
            void navigate({ to: '/inspect', search: {} })
          }}
        >
          <p>{m.check.discardAsk}</p>
        </Dialog>
      )}
    </>
  )
}
