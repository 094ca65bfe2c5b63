import { Link } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { sendFile, url } from '../../api/client'
import type { ImportResult } from '../../api/types'
import { useI18n } from '../../shared/i18n'
import { Combo } from '../ui/Combo'
import { ErrorBox } from '../ui/Field'
import { Icon } from '../ui/Icon'
import { ImportErrors } from '../ui/ImportErrors'
import { Loaded, State, useProblemText } from '../ui/States'
import { StatusMark } from '../ui/StatusMark'
import { useKinds, useTitle, useUrl } from '../ui/hooks'
import { useEntryChanged } from './entry'
import './import.css'

/** Excel into a ledger: nothing is written before the check has been seen. */
export default function ImportPage() {
  const { m, l } = useI18n()
  useTitle(m.imports.title)
  const kinds = useKinds()
  const [search, set] = useUrl()
  const changed = useEntryChanged()
  const problem = useProblemText()
  const input = useRef<HTMLInputElement>(null)
  const [file, setFile] = useState<File | null>(null)
  const [result, setResult] = useState<ImportResult | null>(null)
  const [busy, setBusy] = useState<'' | 'check' | 'run'>('')
  const [error, setError] = useState('')
  const [over, setOver] = useState(false)
  const fresh = () => {
    setFile(null)
    setResult(null)
    setError('')
    if (input.current) input.current.value = ''
  }

  const run = async (f: File, kind: string, dry: boolean) => {
    setBusy(dry ? 'check' : 'run')
    setError('')
    try {
      const r = await sendFile<ImportResult>('/imports', f, { kind, name: f.name, dry_run: dry })
      setResult({ ...r, dry_run: dry })
      if (!dry) void changed()
    } catch (e) {
      setError(problem(e))
      setResult(null)
    } finally {
      setBusy('')
    }
  }
  const take = (f: File | undefined, kind: string) => {
    if (!f || !kind) return
    setResult(null)
    if (!/\.xlsx$/i.test(f.name)) return setError(m.imports.onlyXlsx)
    setFile(f)
    void run(f, kind, true)
  }
  return (
    <div className="page">
      <header>
        <h1>{m.imports.title}</h1>
      </header>
      <Loaded query={kinds}>
        {all => {
          const mine = all.filter(k => k.may.enter)
          const kind = mine.find(k => k.key === search.kind) ?? mine[0]
          if (!kind) return <State kind="forbidden" title={m.imports.noKinds} />
          const done = result && !result.dry_run
          const step = done ? 2 : result ? 1 : 0
          return (
            <div className="imp">
              <ol className="steps">
                {m.imports.steps.map((s, i) => (
                  <li key={s} className={i === step ? 'on' : i < step ? 'past' : ''} aria-current={i === step ? 'step' : undefined}>
                    <b>{i + 1}</b>
                    {s}
                  </li>
                ))}
              </ol>
              {!done && (
                <div className="pick">
                  <div className="field">
                    <label htmlFor="imp-kind">{m.imports.kind}</label>
                    <Combo
                      id="imp-kind"
                      label={m.imports.kind}
                      value={kind.key}
                      options={mine.map(k => ({ value: k.key, label: l(k.title), group: l(k.group_title) }))}
                      onChange={v => {
                        fresh()
                        set({ kind: v })
                      }}
                    />
                  </div>
                  <a className="btn" href={url(`/kinds/${kind.key}/template`)} download>
                    <Icon name="download" />
                    {m.imports.template}
                  </a>
                </div>
              )}
              {!done && (
                // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- dropping is an extra for the mouse
                <label
                  className={over ? 'drop on' : 'drop'}
                  onDragOver={e => {
                    e.preventDefault()
                    setOver(true)
                  }}
                  onDragLeave={() => setOver(false)}
                  onDrop={e => {
                    e.preventDefault()
                    setOver(false)
                    take(e.dataTransfer.files[0], kind.key)
                  }}
                >
                  <input
                    ref={input}
                    type="file"
                    className="vh"
                    accept=".xlsx,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
                    onChange={e => {
                      take(e.target.files?.[0], kind.key)
                      e.target.value = ''
                    }}
                  />
                  <Icon name="upload" size={24} />
                  {file ? <b>{file.name}</b> : <span className="no-phone">{m.imports.drop}</span>}
                  <span className="btn">{busy === 'check' ? m.imports.checking : m.imports.choose}</span>
                </label>
              )}
              {error && (
                <div className="mt3">
                  <ErrorBox>{error}</ErrorBox>
                </div>
              )}
              {result && result.dry_run && (
                <section className="mt4" aria-live="polite">
                  <div className="sumrow">
                    <b>{m.imports.rows({ n: result.rows })}</b>
                    <StatusMark mark="ok">{m.imports.ok({ n: result.accepted })}</StatusMark>
                    {result.errors.length > 0 && <StatusMark mark="late">{m.imports.bad({ n: result.errors.length })}</StatusMark>}
                    {result.unchanged > 0 && <span className="t2">{m.imports.same({ n: result.unchanged })}</span>}
                    {!!result.photos && <span className="t2">{m.imports.photos({ n: result.photos })}</span>}
                  </div>
                  {result.errors.length > 0 && (
                    <>
                      <p className="t2 mt2">{m.imports.fix}</p>
                      <ImportErrors errors={result.errors} />
                    </>
                  )}
                  {result.accepted === 0 && result.errors.length === 0 && <p className="t2 mt2">{m.imports.nothing}</p>}
                  <div className="runbar">
                    <button type="button" className="btn" onClick={fresh}>
                      {m.common.cancel}
                    </button>
                    <button
                      type="button"
                      className="btn primary"
                      disabled={!!busy || result.accepted === 0 || result.errors.length > 0}
                      onClick={() => file && void run(file, kind.key, false)}
                    >
                      {busy === 'run' ? m.imports.running : m.imports.run({ n: result.accepted })}
                    </button>
                  </div>
                </section>
              )}
              {done && (
                <State
                  kind="done"
                  title={m.imports.done({ n: result.accepted })}
                  actions={
                    <>
                      <Link className="btn primary" to="/ledger/$kind" params={{ kind: kind.key }} search={{}}>
                        {m.imports.seeLedger}
                      </Link>
                      <button type="button" className="btn" onClick={fresh}>
                        {m.imports.another}
                      </button>
                    </>
                  }
                >
                  {result.unchanged > 0 ? m.imports.same({ n: result.unchanged }) : ''}
                </State>
              )}
            </div>
          )
        }}
      </Loaded>
    </div>
  )
}
