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
import { answerOf, asked, fine, isAnswered, isWrong, subjectsOf, type Asked, type Said } from './answers'
import { CheckItem } from './CheckItem'
import { Subjects } from './Subjects'
import type { Form, Given, Spot } from './types'
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
          if (spot.forms.length === 0) return <State kind="empty" title={m.inspect.noForm} />
          if (!form)
            return (
              <>
                <h1>{spot.name}</h1>
                <p className="muted">{m.inspect.choose}</p>
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
const begin = (spot: Spot, form: Form): Said => ({
  id: uuid(),
  began: Date.now(),
  form: form.form,
  answers: {},
  subjects: form.sections.flatMap(s => (s.each?.of === 'point' ? spot.points.map(p => ({ section: s.key, id: p.key, name: p.name })) : [])),
  looks: {},
  present: '',
  words: '',
  handouts: [],
  special: false,
})

/** A visit survives a closed page: it is kept on this device until it was handed in. */
function useKept(spot: Spot, form: Form) {
  const me = useMe()
  const where = shelf(me.login, spot.key, form.key)
  const [blank] = useState(() => begin(spot, form))
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
  const [undo, setUndo] = useState<Said | null>(null)
  const [ask, setAsk] = useState<'left' | 'discard' | null>(null)
  // The district's own time, whatever the phone is set to; the server judges by the same moment.
  const began = new Date(said.began + 8 * 3_600_000)
  const minute = began.getUTCHours() * 60 + began.getUTCMinutes()
  const visit = { 'unit.type': spot.type, 'place.type': spot.type, 'visit.minute': minute, 'visit.month': began.getUTCMonth() + 1, 'visit.kind': spot.self ? 'self' : said.special ? 'special' : 'routine' }
  const list = asked(form, said, visit)
  const counts = list.filter(x => answerOf(x.item) !== 'text')
  const done = counts.filter(x => isAnswered(x.item, said.answers[x.at]))
  const open = counts.filter(x => !isAnswered(x.item, said.answers[x.at]))
  const rest = open.filter(x => fine(x.item) !== undefined)
  const wrong = counts.filter(x => isWrong(x.item, said.answers[x.at]))
  const say = (x: Asked, patch: Partial<Given>) =>
    set(was => {
      const old: Given = was.answers[x.at] ?? { item: x.item.key, value: '', ...(x.subject ? { subject: x.subject } : {}) }
      return { ...was, answers: { ...was.answers, [x.at]: { ...old, ...patch } } }
    })
  const allFine = () => {
    setUndo(said)
    set(was => {
      // What is in order may be what others are asked for: they are filled in, too.
      let next = was
      for (;;) {
        const more = asked(form, next, visit).filter(x => fine(x.item) !== undefined && !isAnswered(x.item, next.answers[x.at]))
        if (more.length === 0) return next
        next = { ...next, answers: { ...next.answers, ...Object.fromEntries(more.map(x => [x.at, { item: x.item.key, value: fine(x.item)!, ...(x.subject ? { subject: x.subject } : {}) }])) } }
      }
    })
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
      const asks = new Set(list.map(x => x.at))
      const v = await send(
        'post',
        '/visits',
        {},
        {
          id: said.id,
          place: spot.key,
          checklist: form.key,
          form: said.form,
          special: said.special,
          made_at: said.began,
          answers: Object.entries(said.answers).filter(([k, a]) => asks.has(k) && (a.value !== '' || ((a.of ?? 0) > 0 && a.part !== undefined))).map(([, a]) => a),
          subjects: said.subjects,
          looks: Object.entries(said.looks).map(([kase, x]) => ({ case: kase, ...x })),
          present: said.present.trim(),
          words: said.words.trim(),
          handouts: said.handouts,
        },
      )
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
            {[l(form.title), m.inspect.items({ n: counts.length }), spot.party ? m.inspect.answers({ t: spot.party.name }) : ''].filter(Boolean).join(m.common.sep)}
          </p>
        </div>
      </header>
      {spot.self && <p className="hint">{m.inspect.self}</p>}
      {resumed && <p className="hint">{m.inspect.resumed}</p>}
      {form.sample && (
        <p className="check-sample">
          <b>{m.inspect.sample}</b> {l(form.sample)}
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
                  <StatusMark mark="late">{m.inspect.oldOpen({ a: i + 1, b: old.length })}</StatusMark> <b>{l(c.title)}</b>
                  {c.place_name !== spot.name && <span className="muted"> {c.place_name}</span>}
                </p>
                <div className="check-two">
                  <button type="button" className="tap" aria-pressed={look?.passed === true} onClick={() => put(true)}>
                    {m.inspect.fixed}
                  </button>
                  <button type="button" className="tap" aria-pressed={look?.passed === false} onClick={() => put(false)}>
                    {m.inspect.notFixed}
                  </button>
                </div>
                {look && (
                  <TakePhotos
                    value={look.photos}
                    onChange={next => set(was => ({ ...was, looks: { ...was.looks, [c.id]: { ...was.looks[c.id]!, photos: next(was.looks[c.id]!.photos) } } }))}
                    label={m.inspect.photo}
                    max={3}
                  />
                )}
              </div>
            )
          })}
        </section>
      )}
      {form.sections.map(s => {
        const subjects = subjectsOf(said, s)
        const groups = s.each ? (subjects.length || s.each.of === 'object' ? subjects : [{ section: s.key, id: '', name: '' }]) : [{ section: s.key, id: '', name: '' }]
        const here = list.filter(x => x.section.key === s.key)
        if (here.length === 0 && s.each?.of !== 'object') return null
        return (
          <section key={s.key} className="check-section">
            <h2>
              <span className="grow">{l(s.title)}</span>
              {s.points > 0 && <span className="muted small">{m.inspect.points({ n: s.points })}</span>}
            </h2>
            {groups.map(g => (
              <div key={g.id} className={g.id ? 'check-subject' : undefined}>
                {g.name && (
                  <h3>
                    {g.name}
                    {s.each?.of === 'object' && (
                      <button type="button" className="btn icon slim" aria-label={m.common.remove} onClick={() => set(was => ({ ...was, subjects: was.subjects.filter(x => x.id !== g.id) }))}>
                        <Icon name="close" />
                      </button>
                    )}
                  </h3>
                )}
                {here
                  .filter(x => x.subject === g.id)
                  .map(x => (
                    <CheckItem
                      key={x.at}
                      item={x.item}
                      given={said.answers[x.at]}
                      wrong={isWrong(x.item, said.answers[x.at])}
                      joins={spot.open_cases.some(c => c.item === `${form.key}/${x.item.key}` && c.subject === x.subject)}
                      say={patch => say(x, patch)}
                    />
                  ))}
              </div>
            ))}
            {s.each?.of === 'object' && <Subjects spot={spot} section={s} chosen={subjects} add={x => set(was => ({ ...was, subjects: [...was.subjects, x] }))} />}
          </section>
        )
      })}
      <section className="check-section check-last">
        {form.handouts && form.handouts.length > 0 && (
          <fieldset className="case-chips">
            <legend>{m.inspect.handouts}</legend>
            {form.handouts.map(h => (
              <button key={h.key} type="button" className="tap" aria-pressed={said.handouts.includes(h.key)} onClick={() => set(was => ({ ...was, handouts: was.handouts.includes(h.key) ? was.handouts.filter(k => k !== h.key) : [...was.handouts, h.key] }))}>
                {l(h.title)}
              </button>
            ))}
          </fieldset>
        )}
        <TextField label={m.inspect.present} hint={m.inspect.presentHint} value={said.present} onChange={present => set(was => ({ ...was, present }))} />
        <TextArea label={m.inspect.remark} optional={m.common.optional} rows={2} value={said.words} onChange={words => set(was => ({ ...was, words }))} maxLength={500} />
        {!spot.self && (
          <label className="row">
            <input type="checkbox" className="check" checked={said.special} onChange={e => set(was => ({ ...was, special: e.target.checked }))} />
            {m.inspect.special}
          </label>
        )}
        <button type="button" className="btn quiet" onClick={() => setAsk('discard')}>
          {m.inspect.discard}
        </button>
      </section>
      <div className="check-bar noprint">
        <p className="row">
          <span>{m.inspect.answered({ a: done.length, b: counts.length })}</span>
          <span className={wrong.length > 0 ? 'late strong' : 'muted'}>{m.inspect.wrong({ n: wrong.length })}</span>
          <span className="grow" />
          {undo ? (
            <button
              type="button"
              className="btn quiet slim"
              onClick={() => {
                set(undo)
                setUndo(null)
              }}
            >
              {m.inspect.undo}
            </button>
          ) : (
            done.length > 0 && <span className="faint small">{m.inspect.draft}</span>
          )}
        </p>
        <div className="check-two">
          {rest.length > 0 ? (
            <>
              <button type="button" className="btn primary check-main" disabled={busy} onClick={allFine}>
                {m.inspect.allFine({ n: rest.length })}
              </button>
              <button type="button" className="btn check-main" disabled={busy || done.length + Object.keys(said.looks).length === 0} onClick={() => (open.length > 0 ? setAsk('left') : submit())}>
                {m.inspect.submit}
              </button>
            </>
          ) : (
            <button type="button" className="btn primary check-main" disabled={busy || done.length + Object.keys(said.looks).length === 0} onClick={() => (open.length > 0 ? setAsk('left') : submit())}>
              {m.inspect.submit}
            </button>
          )}
        </div>
      </div>
      {ask === 'left' && (
        <Dialog
          title={m.inspect.leftTitle}
          onClose={() => setAsk(null)}
          submit={m.inspect.submit}
          onSubmit={() => {
            setAsk(null)
            submit()
          }}
        >
          <p>{m.inspect.leftOpen({ n: open.length })}</p>
        </Dialog>
      )}
      {ask === 'discard' && (
        <Dialog
          title={m.inspect.discard}
          danger
          onClose={() => setAsk(null)}
          submit={m.inspect.discard}
          onSubmit={() => {
            forget()
            void navigate({ to: '/inspect', search: {} })
          }}
        >
          <p>{m.inspect.discardAsk}</p>
        </Dialog>
      )}
    </>
  )
}
