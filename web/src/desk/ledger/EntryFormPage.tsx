import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { get, send, type Body } from '../../api/client'
import { NetworkError, ProblemError, statusOf } from '../../api/errors'
import type { Entry, Kind, Values } from '../../api/answers'
import { fromDraft, validate, type Fault, type Sent } from '../../shared/schema-form/core'
import { typeFits } from '../../shared/format'
import { uuid } from '../../shared/uuid'
import { ErrorBox } from '../ui/Field'
import { Icon } from '../ui/Icon'
import { Failed, Loaded, Missing, Skeleton, useProblemText } from '../ui/States'
import { toast } from '../ui/Toast'
import { useIsPhone, useKinds, useMe, useScope, useTitle, useUnits, useUrl } from '../ui/hooks'
import { ConflictView, type Conflict } from './ConflictView'
import { FieldSet, focusPointer } from './FieldSet'
import { SavedView } from './SavedView'
import { useEntry, useEntryChanged } from './entry'
import { useForm } from './useForm'
import { useI18n } from './texts'
import './ledger.css'
import './form.css'

type Mode = 'new' | 'edit' | 'succeed'

export default function EntryFormPage() {
  const { kind: kindKey, id } = useParams({ strict: false }) as { kind?: string; id?: string }
  const [search] = useUrl()
  const kinds = useKinds()
  const source = id ?? search.like
  const entry = useEntry(source)
  if (!kinds.data) return kinds.error ? <Failed error={kinds.error} /> : <Skeleton rows={6} />
  if (source && !entry.data)
    return (
      <Loaded query={entry} rows={6}>
        {() => null}
      </Loaded>
    )
  const kind = kinds.data.find(k => k.key === (kindKey ?? entry.data?.kind))
  if (!kind) return <Missing />
  const mode: Mode = !id ? 'new' : search.state === 'succeed' ? 'succeed' : 'edit'
  return <EntryForm key={`${mode}${id ?? ''}${kind.key}${search.like ?? ''}`} mode={mode} kind={kind} entry={entry.data} />
}

function EntryForm({ mode, kind, entry }: { mode: Mode; kind: Kind; entry: Entry | undefined }) {
  const { m, l, lang } = useI18n()
  const me = useMe()
  const phone = useIsPhone()
  const scope = useScope()
  const units = useUnits()
  const navigate = useNavigate()
  const [search] = useUrl()
  const changed = useEntryChanged()
  const problem = useProblemText()
  const title =
    mode === 'new' ? m.form.new({ kind: l(kind.title) }) : mode === 'succeed' ? m.entry.succeedTitle : m.form.edit({ kind: l(kind.title) })
  useTitle(title)

  const about = kind.about.length ? kind.about : kind.entered_by
  const fits = (u: number | undefined) =>
    u !== undefined && (!units.data?.some(x => x.id === u) || typeFits(about, units.data.find(x => x.id === u)!.type))
  const defaultUnit = [search.unit, me.unit.id, scope.unit].find(fits)
  const form = useForm({
    person: me.person,
    kind,
    storeId: mode === 'new' ? (search.like ? `like-${search.like}` : 'new') : `${entry!.id}-${mode}`,
    entry,
    mode,
    today: me.today,
    defaultUnit,
  })
  const { draft, unit } = form

  const [faults, setFaults] = useState<Fault[]>([])
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState<'' | 'draft' | 'submit'>('')
  const [error, setError] = useState('')
  const [conflict, setConflict] = useState<Conflict | null>(null)
  const [saved, setSaved] = useState<Entry | null>(null)
  const [uploads, setUploads] = useState<{ [field: string]: { waiting: number; failed: number } }>({})
  const goingUp = Object.values(uploads).some(x => x.waiting > 0)
  // Said while photos go up: done by itself when the last is there.
  const [ordered, setOrdered] = useState<'' | 'draft' | 'submit'>('')
  const last = useRef({ body: '', op: '', spent: 0 })
  const [begun] = useState(() => Date.now())
  const summary = useRef<HTMLDivElement>(null)
  const needsReason = mode === 'edit' && (entry!.state === 'verified' || entry!.counted)

  const check = (full: boolean): Fault[] => {
    const fields = full ? kind.fields : kind.fields.map(f => ({ ...f, required: false }))
    const out = validate(fields, draft, m, lang)
    if (unit === undefined) out.unshift({ pointer: '/unit', message: m.form.err.choose({ f: m.form.about }) })
    if (full && needsReason && !form.reason.trim()) out.push({ pointer: '/reason', message: m.form.err.required({ f: m.form.reasonForEdit }) })
    return out
  }
  // After the first try every change is looked at again; faults the server found go when their field changes.
  const shown = tried ? check(tried).concat(faults.filter(f => f.message && !check(true).some(c => c.pointer === f.pointer))) : faults
  // A refusal takes the view to the first field at fault; the list of all stands above the form and is read out.
  const fail = (found: Fault[], first: Fault | undefined = found[0]) => {
    setFaults(found)
    setTimeout(() => {
      if (!first || !focusPointer(first.pointer)) summary.current?.focus()
    }, 0)
  }

  /** A new record. If its answer was lost and the form was opened again since, the record is there: it is taken for done, or mended. */
  const create = async (body: Body<'/entries', 'post'>): Promise<Entry> => {
    try {
      return await send('post', '/entries', {}, body, { op: last.current.op })
    } catch (e) {
      const there = statusOf(e) === 409 ? await get('/entries/{id}', { id: form.id }).catch(() => null) : null
      if (!there) throw e
      const same = (v: object) => JSON.stringify(Object.entries(v).sort(([a], [b]) => (a < b ? -1 : 1)))
      if (same(there.values) === same(body.values) && !(body.submit && there.state === 'draft')) return there
      return send('put', '/entries/{id}', { id: there.id }, body, { rev: there.rev, op: uuid() })
    }
  }
  const send1 = async (submit: boolean) => {
    if (busy) return
    setError('')
    const mine = check(submit)
    setTried(submit)
    if (mine.length) return fail([], mine[0])
    if (mine.length === 0) setFaults([])
    if (goingUp) return setOrdered(submit ? 'submit' : 'draft')
    const failed = Object.values(uploads).reduce((n, x) => n + x.failed, 0)
    if (failed > 0) return toast.bad(m.form.failedUploads({ n: failed })) // sent without them they would be lost
    setBusy(submit ? 'submit' : 'draft')
    const values = fromDraft(kind.fields, draft)
    const from = String(values[kind.from ?? ''] ?? '')
    const body = { kind: kind.key, unit: unit!, values, submit, ...(mode === 'edit' ? (form.reason.trim() ? { reason: form.reason.trim() } : {}) : { id: form.id }) }
    const text = JSON.stringify(mode === 'succeed' ? { from, values } : body)
    // what the form cost, for the burden of the role; the same command sent again says the same
    if (last.current.body !== text) last.current = { body: text, op: uuid(), spent: Math.min(28_800, Math.round((Date.now() - begun) / 1000)) }
    const sent = { ...body, spent: last.current.spent }
    try {
      const done =
        mode === 'succeed'
          ? await send('post', '/entries/{id}/succeed', { id: entry!.id }, { from, values }, { rev: entry!.rev, op: last.current.op })
          : mode === 'edit'
            ? await send('put', '/entries/{id}', { id: entry!.id }, sent, { rev: form.rev ?? entry!.rev, op: last.current.op })
            : await create(sent)
      form.drop()
      void changed(done)
      if (submit) setSaved(done)
      else {
        toast(m.form.saved)
        await navigate({ to: '/entry/$id', params: { id: done.id }, search: {} })
      }
    } catch (e) {
      form.keep() // whatever happened, what was typed stays on the device
      if (e instanceof ProblemError && e.problem.status === 412 && e.problem.current)
        setConflict({ current: e.problem.current as Entry, mine: values, base: form.base })
      else if (e instanceof ProblemError && e.problem.errors?.length)
        fail(e.problem.errors.map(x => ({ pointer: x.pointer.replace(/^\/body/, ''), message: x.detail })))
      else {
        setError(e instanceof NetworkError ? `${m.states.saveFailed}${m.common.stop}${m.states.saveFailedHint}` : problem(e))
        if (!(e instanceof NetworkError)) last.current = { body: '', op: '', spent: 0 }
      }
    } finally {
      setBusy('')
    }
  }

  const carryOut = useEffectEvent(() => {
    setOrdered('')
    void send1(ordered === 'submit')
  })
  useEffect(() => {
    if (!ordered || goingUp) return
    const t = setTimeout(() => carryOut(), 0)
    return () => clearTimeout(t)
  }, [ordered, goingUp])

  const resolve = (values: Sent, rev: number) => {
    form.rebase(values as Values, rev, conflict!.current)
    setConflict(null)
    setTried(false)
  }

  if (saved)
    return (
      <SavedView
        entry={saved}
        kind={kind}
        onAgain={() => void navigate({ to: '/new/$kind', params: { kind: kind.key }, search: { like: saved.id } })}
      />
    )
  const back =
    mode === 'new' ? (
      <Link to="/ledger/$kind" params={{ kind: kind.key }} search={{}} className="back" aria-label={m.common.back}>
        <Icon name="left" size={24} />
      </Link>
    ) : (
      <Link to="/entry/$id" params={{ id: entry!.id }} search={{}} className="back" aria-label={m.common.back}>
        <Icon name="left" size={24} />
      </Link>
    )
  const list = shown.filter((f, i, all) => all.findIndex(x => x.pointer === f.pointer) === i)
  return (
    <div className="form-page">
      <header className="form-bar">
        {back}
        <h1>{title}</h1>
        <span className="more" />
      </header>
      <form
        className="form-body"
        noValidate
        onSubmit={e => {
          e.preventDefault()
          void send1(true)
        }}
      >
        {conflict && <ConflictView conflict={conflict} kind={kind} onResolve={resolve} />}
        {form.restoredAt && <Kept says={m.form.restored({ t: form.restoredAt })} act={m.form.discard} onAct={form.discard} />}
        {form.elsewhereAt && <Kept says={m.form.elsewhere({ t: form.elsewhereAt })} act={m.form.copyElsewhere} onAct={form.copyElsewhere} />}
        {mode === 'succeed' && <p className="muted gap-2">{m.entry.succeedAsk}</p>}
        {mode === 'edit' && entry!.state === 'returned' && entry!.reason && (
          <p className="hint soft gap-3">
            <Icon name="undo" />
            <span>
              <b>{m.entry.lastReason}</b>　{m.common.quote({ t: entry!.reason })}
            </span>
          </p>
        )}
        <div ref={summary} tabIndex={-1} style={{ outline: 'none' }}>
          {list.length > 0 && (
            <div className="errsum gap-3" role="alert">
              <p className="strong">{m.form.summary({ n: list.length })}</p>
              <ul>
                {list.map(f => (
                  <li key={f.pointer}>
                    <button type="button" className="link" onClick={() => focusPointer(f.pointer)}>
                      {f.message}
                    </button>
                  </li>
                ))}
              </ul>
            </div>
          )}
          {error && (
            <div className="gap-3">
              <ErrorBox>{error}</ErrorBox>
            </div>
          )}
        </div>
        <FieldSet
          kind={kind}
          form={form}
          faults={list}
          phone={phone}
          lockUnit={mode !== 'new' && !entry!.may.edit}
          about={about}
          labels={entry?.labels ?? {}}
          evidence={entry?.evidence ?? []}
          needsReason={needsReason}
          onUploads={(field, waiting, failed) => setUploads(all => ({ ...all, [field]: { waiting, failed } }))}
          onTouched={pointer => setFaults(f => f.filter(x => x.pointer !== pointer && !x.pointer.startsWith(`${pointer}.`)))}
        />
      </form>
      <footer className="act">
        {form.keptAt && (
          <p role="status">
            <Icon name="check" />
            {m.form.draftKept({ t: form.keptAt })}
          </p>
        )}
        <div className="acts">
          {ordered ? (
            <button type="button" className="btn" onClick={() => setOrdered('')}>
              {m.form.notYet}
            </button>
          ) : mode !== 'succeed' && (mode === 'new' || entry!.state === 'draft' || entry!.state === 'returned') ? (
            <button type="button" className="btn" disabled={!!busy} onClick={() => void send1(false)}>
              {busy === 'draft' ? m.form.savingDraft : m.form.saveDraft}
            </button>
          ) : null}
          <button type="button" className="btn primary" disabled={!!busy || !!ordered} onClick={() => void send1(true)}>
            {ordered === 'submit' ? m.form.afterUploads : ordered ? m.form.draftAfterUploads : busy === 'submit' ? m.form.submitting : m.form.submit}
          </button>
        </div>
      </footer>
    </div>
  )
}

/** What the device keeps of this form, and what can be done with it. */
function Kept({ says, act, onAct }: { says: string; act: string; onAct: () => void }) {
  return (
    <div className="strip" role="status">
      <Icon name="clock" />
      <span className="grow">{says}</span>
      <button type="button" className="link" onClick={onAct}>
        {act}
      </button>
    </div>
  )
}
