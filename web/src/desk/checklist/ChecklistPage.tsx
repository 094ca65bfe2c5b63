import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { get, send, url } from '../../api/client'
import { longDay, shortDay } from '../../shared/format'
import { Dialog } from '../ui/Dialog'
import { Icon } from '../ui/Icon'
import { Loaded } from '../ui/States'
import { StatusMark } from '../ui/StatusMark'
import { Verbs, Where } from '../ui/Verbs'
import { toast } from '../ui/Toast'
import { useMe, useTitle, useUrl } from '../ui/hooks'
import { useRun } from '../ui/useRun'
import { UploadDialog, useRules } from './ChecklistsPage'
import { Phone } from './Phone'
import { Questions } from './Questions'
import { SaveDialog } from './SaveDialog'
import { HeadForm } from './HeadForm'
import { Sections } from './SectionForm'
import { bare, blank, draftOf, keep, kept, placeOf, type Draft } from './draft'
import type { Checked, Checklist, List, Page } from './types'
import { useI18n } from './texts'
import './checklist.css'

export default function ChecklistPage() {
  const { id = '' } = useParams({ strict: false }) as { id?: string }
  const { m, l } = useI18n()
  const [search] = useUrl() as [{ at?: string; version?: number }, unknown]
  const fresh = id === 'new'
  const rules = useRules()
  const version = search.version ?? 0
  const query = useQuery({
    queryKey: ['checklist-rule', id, version],
    queryFn: ({ signal }) => get('/checklist-rules/{id}', { id, version }, signal),
    enabled: !fresh,
  })
  useTitle(query.data ? l(query.data.checklist.title) : fresh ? m.forms.add : m.forms.title)
  return (
    <div className="page checklist-page">
      {/* The bar keeps its height while the page loads. */}
      {(rules.isPending || (!fresh && query.isPending)) && (
        <Verbs>
          <button type="button" className="btn" disabled>
            {fresh ? m.forms.upload : m.forms.export}
          </button>
        </Verbs>
      )}
      <Loaded query={rules} rows={8}>
        {list =>
          fresh ? (
            <Editor key={`new ${search.at ?? ''}`} list={list} />
          ) : (
            <Loaded query={query} rows={8}>
              {p => <Opened key={`${p.checklist.key} ${p.checklist.version} ${search.at ?? ''}`} list={list} page={p} />}
            </Loaded>
          )
        }
      </Loaded>
    </div>
  )
}

/** A checklist that is there: to be edited where it is the newest and one may, else to be looked at. */
function Opened({ list, page: p }: { list: List; page: Page }) {
  return p.may && p.checklist.version === p.newest ? <Editor list={list} page={p} /> : <Shown list={list} page={p} />
}

function Versions({ page: p }: { page: Page }) {
  const { m } = useI18n()
  const me = useMe()
  return (
    <section className="checklist-versions">
      <h2>{m.forms.versions}</h2>
      <ul className="facts">
        {p.versions.map(v => (
          <li key={v.version}>
            <Link to="/checklists/$id" params={{ id: p.checklist.key }} search={{ version: v.version === p.newest ? undefined : v.version }} aria-current={v.version === p.checklist.version ? 'true' : undefined}>
              {m.forms.version({ n: v.version })}
            </Link>
            <span className="grow muted">{m.forms.range({ a: v.from ? shortDay(v.from, me.today) : m.forms.always, b: v.until && v.state !== 'replaced' ? shortDay(v.until, me.today) : m.forms.always })}</span>
            <StatusMark mark={v.state === 'current' ? 'ok' : v.state === 'coming' ? 'wait' : 'void'}>{m.forms.states[v.state]}</StatusMark>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Shown({ list, page: p }: { list: List; page: Page }) {
  const { m, l } = useI18n()
  const c = bare(p.checklist)
  return (
    <>
      <Where>{m.forms.version({ n: p.checklist.version })}</Where>
      <Verbs>
        <a className="btn" href={url(`/checklist-rules/${c.key}/sheet`, { version: p.checklist.version })} download>
          <Icon name="download" />
          {m.forms.export}
        </a>
      </Verbs>
      <p className="hint">
        <span className="grow">{p.may ? m.forms.old : m.forms.readOnly}</span>
        {p.checklist.version !== p.newest && (
          <Link className="btn slim" to="/checklists/$id" params={{ id: c.key }} search={{ version: undefined }}>
            {m.forms.seeNewest}
          </Link>
        )}
      </p>
      <h1 className="gap-2">{l(c.title)}</h1>
      <div className="checklist-two">
        <div>
          <Sections c={c} choices={list.choices} faults={[]} open="" setOpen={() => {}} change={null} />
          <Versions page={p} />
        </div>
        <Phone c={c} choices={list.choices} />
      </div>
    </>
  )
}

function useSettled<T>(value: T, after: number): T {
  const [settled, set] = useState(value)
  useEffect(() => {
    const t = setTimeout(() => set(value), after)
    return () => clearTimeout(t)
  }, [value, after])
  return settled
}

/** Writes a checklist: the form on the left, the phone beside it, what is wrong and what changes below. */
function Editor({ list, page: p }: { list: List; page?: Page }) {
  const { m, l, lang } = useI18n()
  const me = useMe()
  const client = useQueryClient()
  const navigate = useNavigate()
  const key = p?.checklist.key ?? ''
  const [begun] = useState(() => (p ? draftOf(p) : blank()))
  const [first] = useState(() => kept(me.login, key))
  const [draft, setDraft] = useState<Draft>(first ?? begun)
  const [open, setOpen] = useState(first?.file ? '' : key ? '' : '/head')
  const [dialog, setDialog] = useState<'save' | 'discard' | 'back' | 'upload' | null>(null)
  const { busy, error, run } = useRun()
  const c = draft.checklist
  useEffect(() => {
    if (draft !== begun) keep(me.login, key, draft)
  }, [draft, begun, me.login, key])
  const change = (act: (was: Checklist) => Checklist) => setDraft(was => ({ ...was, checklist: act(was.checklist) }))
  const settled = useSettled(c, 400)
  const check = useQuery({
    queryKey: ['checklist-check', key, settled],
    queryFn: () => send('post', '/checklist-rules/check', { key }, { checklist: settled }) as Promise<Checked>,
    placeholderData: was => was,
    retry: false,
    gcTime: 0,
  })
  const faults = check.data?.faults ?? []
  const unseen = draft.file?.asked.filter(a => !a.seen).length ?? 0
  const jump = (pointer: string) => {
    const { si, ii } = placeOf(pointer)
    const at = si < 0 ? '/head' : ii < 0 ? `/sections/${si}` : `/sections/${si}/items/${ii}`
    setOpen(at)
    requestAnimationFrame(() => document.querySelector(`[data-at="${at}"]`)?.scrollIntoView({ block: 'center' }))
  }
  const discard = async () => {
    keep(me.login, key, null)
    setDialog(null)
    await navigate(key ? { to: '/checklists/$id', params: { id: key }, search: { at: String(Date.now()) } } : { to: '/checklists', search: {} })
  }
  const save = async (from: string, op: string) => {
    const body = { from, checklist: c }
    const got = key ? await send('put', '/checklist-rules/{id}', { id: key }, body, { rev: draft.rev, op }) : await send('post', '/checklist-rules', {}, body, { op })
    keep(me.login, key, null)
    client.setQueryData(['checklist-rule', got.checklist.key, 0], got)
    void client.invalidateQueries({ predicate: q => ['checklist-rules', 'checklist-rule', 'checklists', 'inspect-place', 'inspect-places'].includes(String(q.queryKey[0])) })
    toast(m.common.saved)
    await navigate({ to: '/checklists/$id', params: { id: got.checklist.key }, search: { at: String(got.newest) } })
  }
  const coming = p?.versions[0]?.state === 'coming' ? p.versions[0] : undefined
  const back = () =>
    void run(async op => {
      const left = await send('post', '/checklist-rules/{id}/take-back', { id: key }, undefined, { rev: p!.newest, op })
      keep(me.login, key, null)
      setDialog(null)
      toast(m.forms.takenBack)
      if (left.version === 0) await navigate({ to: '/checklists', search: {} })
      void client.invalidateQueries({ predicate: q => ['checklist-rules', 'checklist-rule', 'checklists'].includes(String(q.queryKey[0])) })
    })
  const dirty = draft !== begun
  return (
    <>
      <Where>{p ? m.forms.version({ n: p.newest }) : m.forms.add}</Where>
      <Verbs>
        {dirty && (
          <button type="button" className="btn danger" onClick={() => setDialog('discard')}>
            {m.forms.discard}
          </button>
        )}
        {p && !dirty && (
          <a className="btn" href={url(`/checklist-rules/${key}/sheet`)} download>
            <Icon name="download" />
            {m.forms.export}
          </a>
        )}
        {!dirty && (
          <button type="button" className="btn" onClick={() => setDialog('upload')}>
            <Icon name="upload" />
            {m.forms.upload}
          </button>
        )}
      </Verbs>
      {first && !draft.file && <p className="hint">{m.forms.kept}</p>}
      {coming && (
        <p className="hint">
          <span className="grow">
            <StatusMark mark="wait">{m.forms.coming({ d: longDay(coming.from ?? '', lang) })}</StatusMark>
          </span>
          <button type="button" className="btn slim" onClick={() => setDialog('back')}>
            {m.forms.takeBack}
          </button>
        </p>
      )}
      <div className="checklist-two">
        <div className="checklist-main">
          <h1>{l(c.title) || m.forms.add}</h1>
          {draft.file && <Questions draft={draft} choices={list.choices} set={setDraft} jump={jump} />}
          <HeadForm c={c} choices={list.choices} faults={faults} open={open === '/head'} setOpen={o => setOpen(o ? '/head' : '')} change={change} />
          <Sections c={c} choices={list.choices} faults={faults} open={open} setOpen={setOpen} change={change} />
          {p && <Versions page={p} />}
        </div>
        <Phone c={c} choices={list.choices} item={c.sections[placeOf(open).si]?.items[placeOf(open).ii]?.key} />
      </div>
      <div className="checklist-bar noprint">
        <p className="row wrap grow">
          {unseen > 0 && (
            <button type="button" className="link" onClick={() => document.querySelector('.checklist-asked')?.scrollIntoView({ block: 'start' })}>
              <StatusMark mark="wait">{m.forms.askedLeft({ n: unseen })}</StatusMark>
            </button>
          )}
          {faults.length > 0 ? (
            <button type="button" className="link" onClick={() => jump(faults[0]!.pointer)}>
              <StatusMark mark="late">{m.forms.faults({ n: faults.length })}</StatusMark>
            </button>
          ) : (
            check.data && unseen === 0 && (key && check.data.changes.length === 0 ? <span className="muted">{m.forms.noChanges}</span> : <StatusMark mark="ok">{m.forms.noFaults}</StatusMark>)
          )}
          {faults[0] && <span className="muted small">{`${l(faults[0].where)}${m.common.colon}${l(faults[0].say)}`}</span>}
        </p>
        <button type="button" className="btn primary" disabled={!check.data || faults.length > 0 || unseen > 0 || (!!key && check.data.changes.length === 0)} onClick={() => setDialog('save')}>
          {key ? m.forms.save : m.forms.saveNew}
        </button>
      </div>
      {dialog === 'save' && <SaveDialog changes={check.data?.changes ?? []} fresh={!key} onSave={save} onClose={() => setDialog(null)} />}
      {dialog === 'upload' && <UploadDialog list={list} at={key} onClose={() => setDialog(null)} />}
      {dialog === 'discard' && (
        <Dialog title={m.forms.discard} danger onClose={() => setDialog(null)} submit={m.forms.discard} onSubmit={() => void discard()}>
          <p>{m.forms.discardAsk}</p>
        </Dialog>
      )}
      {dialog === 'back' && (
        <Dialog title={m.forms.takeBack} danger onClose={() => setDialog(null)} submit={m.forms.takeBack} onSubmit={back} busy={busy} error={error}>
          <p>{m.forms.takeBackAsk({ d: longDay(coming?.from ?? '', lang) })}</p>
        </Dialog>
      )}
    </>
  )
}
