import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { get, send, url, type Answer } from '../../api/client'
import { dayOf, longDay, periodName } from '../../shared/format'
import { Dialog } from '../ui/Dialog'
import { FieldBox, FileField, SelectField, TextField } from '../ui/Field'
import { Icon } from '../ui/Icon'
import { Loaded, copyText, useProblemText } from '../ui/States'
import { toast } from '../ui/Toast'
import { Verbs } from '../ui/Verbs'
import { can, useMe, useScope, useTitle } from '../ui/hooks'
import { useRun } from '../ui/useRun'
import { DraftDialog } from './NewDocument'
import type { DocumentKind, TagName, TemplateFault, TemplateView } from './types'
import { useI18n } from './texts'
import './document.css'
import './register.css'

type Checked = Answer<'/templates/check', 'post'>

/** The Word files that documents are made from. */
export default function TemplatesPage() {
  const { m, l, lang } = useI18n()
  const me = useMe()
  useTitle(m.templates.title)
  const query = useQuery({ queryKey: ['templates'], queryFn: ({ signal }) => get('/templates', {}, signal) })
  const [upload, setUpload] = useState<TemplateView | 'new' | null>(null)
  const [trial, setTrial] = useState<TemplateView | null>(null)
  const [draft, setDraft] = useState<string | null>(null)
  const may = query.data?.may_add ?? false
  return (
    <div className="page templates">
      <h1 className="unseen">{m.templates.title}</h1>
      <Verbs>
        {(may || (query.isPending && can(me, 'document.edit'))) && (
          <button type="button" className="btn primary" style={may ? undefined : { visibility: 'hidden' }} onClick={() => setUpload('new')}>
            <Icon name="upload" />
            {m.templates.add}
          </button>
        )}
      </Verbs>
      <p className="muted">{m.templates.why}</p>
      <Loaded query={query} rows={6}>
        {d => (
          <div className="template-cols">
            <ul className="template-list">
              {d.items.map(t => (
                <li key={t.key}>
                  <div className="row wrap">
                    <h2 className="grow">{l(t.title)}</h2>
                    {can(me, 'document.edit') && (
                      <>
                        <button type="button" className="btn slim" onClick={() => setDraft(t.key)}>
                          {m.templates.start}
                        </button>
                        <button type="button" className="btn slim" onClick={() => setTrial(t)}>
                          {m.templates.trial}
                        </button>
                      </>
                    )}
                    <a className="btn slim" href={url(`/templates/${t.key}/file`)} download>
                      <Icon name="download" />
                      {m.templates.download}
                    </a>
                    {may && (
                      <button type="button" className="btn slim" onClick={() => setUpload(t)}>
                        {m.templates.newVersion}
                      </button>
                    )}
                  </div>
                  <p className="muted">
                    {[l(t.kind_title), m.templates.period[t.period], m.templates.figures({ n: t.figures }), t.texts.length ? m.templates.texts({ n: t.texts.length }) : '']
                      .filter(Boolean)
                      .join(m.common.sep)}
                  </p>
                  {t.faults.length > 0 && <Faults list={t.faults} />}
                  <ol className="template-vers small faint" aria-label={m.templates.versions}>
                    {t.versions.map(v => (
                      <li key={v.version}>
                        {[
                          m.templates.version({ n: v.version }),
                          v.own ? m.templates.own : m.templates.shipped,
                          v.from ? m.templates.since({ t: longDay(v.from, lang) }) : v.own ? longDay(dayOf(v.at), lang) : '',
                        ]
                          .filter(Boolean)
                          .join(m.common.sep)}
                      </li>
                    ))}
                  </ol>
                </li>
              ))}
            </ul>
            <Names list={d.names} />
          </div>
        )}
      </Loaded>
      {upload && <UploadDialog known={upload === 'new' ? undefined : upload} kinds={query.data?.kinds ?? []} onClose={() => setUpload(null)} />}
      {trial && <TrialDialog t={trial} onClose={() => setTrial(null)} />}
      {draft && <DraftDialog template={draft} onClose={() => setDraft(null)} />}
    </div>
  )
}

function Names({ list }: { list: TagName[] }) {
  const { m, l } = useI18n()
  const [q, setQ] = useState('')
  const hit = list.filter(x => !q || `${x.tag} ${x.title.zh} ${x.title.en}`.toLowerCase().includes(q.toLowerCase()))
  return (
    <aside className="template-names" aria-label={m.templates.names}>
      <h2>{m.templates.names}</h2>
      <p className="small faint">{m.templates.namesHint}</p>
      <input className="input" type="search" aria-label={m.templates.find} placeholder={m.templates.find} value={q} onChange={e => setQ(e.target.value)} />
      <ul>
        {hit.map(x => (
          <li key={x.tag}>
            <button type="button" onClick={() => void copyText(x.tag).then(() => toast(m.common.copied))}>
              <code lang="zh-CN">{x.tag}</code>
              <span className="muted small">{l(x.title)}</span>
            </button>
          </li>
        ))}
      </ul>
    </aside>
  )
}

function Faults({ list, warn }: { list: TemplateFault[]; warn?: boolean }) {
  const { m, l } = useI18n()
  return (
    <div className="template-faults" role={warn ? 'status' : 'alert'}>
      <p className="strong">{warn ? m.templates.warnings({ n: list.length }) : m.templates.faults({ n: list.length })}</p>
      <ol>
        {list.map((f, i) => (
          <li key={i}>
            <span className="strong">
              {f.paragraph > 0 && m.templates.paragraph({ n: f.paragraph })}
              {f.place.zh ? m.common.paren({ t: l(f.place) }) : ''}
            </span>{' '}
            {f.context && <q lang="zh-CN">{f.context}</q>} {l(f.message)}
          </li>
        ))}
      </ol>
    </div>
  )
}

function UploadDialog({ known, kinds, onClose }: { known: TemplateView | undefined; kinds: DocumentKind[]; onClose: () => void }) {
  const { m, l } = useI18n()
  const client = useQueryClient()
  const { busy, error, setError, run } = useRun()
  const [file, setFile] = useState<File | null>(null)
  const [checked, setChecked] = useState<Checked | null>(null)
  const [key, setKey] = useState(known?.key ?? '')
  const [title, setTitle] = useState(known?.title.zh ?? '')
  const [kind, setKind] = useState(known?.kind ?? kinds[0]?.key ?? 'notice')
  const [period, setPeriod] = useState((known?.period ?? 'month') as 'year' | 'quarter' | 'month')
  const [name, setName] = useState(known?.name ?? '')
  const check = async (f: File | null) => {
    setFile(f)
    setChecked(null)
    setError('')
    if (f) await run(async () => setChecked(await send('post', '/templates/check', { key: known?.key }, f)))
  }
  const save = async () => {
    if (!file || !checked || checked.faults.length) return
    await run(async () => {
      const r = await send('post', '/templates', { key, title, title_en: known?.title.en, period, kind, name }, file)
      toast(m.templates.saved({ n: r.version }))
      await client.invalidateQueries({ queryKey: ['templates'] })
      onClose()
    })
  }
  const good = checked && checked.faults.length === 0
  return (
    <Dialog
      wide
      title={known ? m.templates.newVersion : m.templates.add}
      onClose={onClose}
      {...(good ? { onSubmit: () => void save() } : {})}
      submit={m.templates.save}
      busy={busy}
      error={error}
    >
      <FileField label={m.docs.file} hint=".docx" className="register-file" accept=".docx" onPick={f => void check(f)} />
      {busy && !checked && <p role="status">{m.templates.checking}</p>}
      {good && (
        <p className="sumline calm" role="status">
          <b>{m.templates.good({ f: checked.figures, t: checked.texts.length })}</b>
        </p>
      )}
      {checked && checked.faults.length > 0 && <Faults list={checked.faults} />}
      {checked && checked.warnings.length > 0 && <Faults warn list={checked.warnings} />}
      <div className="grid-2 field">
        <TextField label={m.templates.name} value={title} onChange={setTitle} />
        {known ? (
          <FieldBox label={m.templates.key}>{a => <input id={a.id} className="input" value={key} disabled />}</FieldBox>
        ) : (
          <TextField label={m.templates.key} hint={m.templates.keyHint} value={key} onChange={setKey} />
        )}
      </div>
      <div className="grid-2 field">
        <SelectField label={m.templates.kind} options={kinds.map(k => ({ value: k.key, label: l(k.title) }))} value={kind} onChange={setKind} />
        <SelectField
          label={m.templates.every}
          options={(['month', 'quarter', 'year'] as const).map(p => ({ value: p, label: m.templates.period[p]! }))}
          value={period}
          onChange={setPeriod}
        />
      </div>
      <TextField label={m.templates.docName} hint={m.templates.docNameHint} value={name} onChange={setName} />
    </Dialog>
  )
}

function TrialDialog({ t, onClose }: { t: TemplateView; onClose: () => void }) {
  const { m, l, lang } = useI18n()
  const { unit, unitName, period } = useScope()
  const problem = useProblemText()
  const [html, setHtml] = useState('')
  const [faults, setFaults] = useState<TemplateFault[]>([])
  const [error, setError] = useState('')
  const once = useRef(false)
  useEffect(() => {
    if (once.current) return
    once.current = true
    fetch(url(`/templates/${t.key}/file`), { credentials: 'same-origin' })
      .then(r => r.blob())
      .then(file => send('post', '/templates/trial', { key: t.key, unit, period }, file))
      .then(r => {
        setHtml(r.html)
        setFaults(r.faults)
      })
      .catch(e => setError(problem(e)))
  }, [t.key, unit, period, problem])
  return (
    <Dialog wide title={m.templates.trialOf({ title: l(t.title) })} onClose={onClose} error={error}>
      <div className="row wrap">
        <p className="muted grow">
          {unitName} · {periodName(period, lang)} {m.common.sep} {m.templates.trialHint}
        </p>
        <a className="btn slim" href={url(`/templates/${t.key}/file`, { unit, period })} download>
          <Icon name="download" />
          {m.templates.trialDownload}
        </a>
      </div>
      {faults.length > 0 && <Faults list={faults} />}
      {html && (
        <div className="dpaper template-paper">
          <article className="paper" lang="zh-CN" dangerouslySetInnerHTML={{ __html: html }} />
        </div>
      )}
      {!html && !faults.length && !error && <p role="status">{m.templates.checking}</p>}
    </Dialog>
  )
}
