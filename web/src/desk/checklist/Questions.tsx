import { useState } from 'react'
import { send } from '../../api/client'
import { ErrorBox, Select } from '../ui/Field'
import { Icon } from '../ui/Icon'
import { StatusMark } from '../ui/StatusMark'
import { useRun } from '../ui/useRun'
import { lastFile } from './ChecklistsPage'
import { draftOfRead, type Draft } from './draft'
import type { Choices } from './types'
import { useI18n } from './texts'

type Props = { draft: Draft; choices: Choices; set: (act: (was: Draft) => Draft) => void; jump: (pointer: string) => void }

/** What an uploaded form left open: each cell that is not understood is asked about, each that was left out is named. */
export function Questions({ draft, choices, set, jump }: Props) {
  const { m, l } = useI18n()
  const { busy, error, setError, run } = useRun()
  const file = draft.file!
  const [roles, setRoles] = useState<{ [at: number]: string }>({})
  const unseen = file.asked.filter(a => !a.seen).length
  const see = (i: number) => set(was => ({ ...was, file: { ...was.file!, asked: was.file!.asked.map((a, j) => (j === i ? { ...a, seen: !a.seen } : a)) } }))
  const reread = () => {
    if (!lastFile.file || lastFile.at !== draft.key) return setError(m.forms.fileLost)
    const columns = file.columns.map(c => ({ at: c.at, role: roles[c.at] ?? c.role })).filter(c => c.role)
    void run(async op => {
      const got = await send('post', '/checklist-rules/read', { key: draft.key, columns: columns.map(c => `${c.at}:${c.role}`).join(',') }, new Blob([lastFile.file!]), { op })
      set(was => draftOfRead(got, file.name, was.rev))
      setRoles({})
    })
  }
  return (
    <section className="checklist-asked">
      <p className="row wrap">
        <span className="grow muted">{m.forms.fromFile({ f: file.name, t: file.sheet ? m.forms.fromSheet({ t: file.sheet }) : '' })}</span>
        {file.asked.length > 0 && <StatusMark mark={unseen > 0 ? 'wait' : 'ok'}>{unseen > 0 ? m.forms.askedLeft({ n: unseen }) : m.forms.askedDone}</StatusMark>}
      </p>
      {file.own && <p className="muted small">{m.forms.ours}</p>}
      {file.asked.length > 0 && (
        <>
          <h2>{m.forms.asked}</h2>
          <ul className="facts" data-testid="asked">
            {file.asked.map((a, i) => (
              <li key={i} className={a.seen ? 'seen' : undefined}>
                <code className="checklist-cell">{a.cell}</code>
                <span className="grow">
                  {a.text && <b>{m.common.quote({ t: a.text })}</b>} {l(a.say)}
                </span>
                {a.pointer && (
                  <button type="button" className="btn slim" onClick={() => jump(a.pointer)}>
                    {m.common.open}
                  </button>
                )}
                <label className="row small nowrap">
                  <input type="checkbox" className="check" checked={a.seen} onChange={() => see(i)} />
                  {m.forms.settle}
                </label>
              </li>
            ))}
          </ul>
        </>
      )}
      {error && <ErrorBox>{error}</ErrorBox>}
      <details open={file.columns.some(c => c.role === '')}>
        <summary>{m.forms.columns}</summary>
        <div className="checklist-columns">
          {file.columns.map(c => (
            <label key={c.at}>
              <span className="small">
                <code className="faint">{c.cell}</code> {c.title}
              </span>
              <Select
                label={`${c.cell} ${c.title}`}
                value={roles[c.at] ?? c.role}
                onChange={r => setRoles(was => ({ ...was, [c.at]: r }))}
                none={m.forms.columnUnknown}
                options={choices.roles.map(r => ({ value: r.key, label: l(r.title) }))}
              />
            </label>
          ))}
        </div>
        <button type="button" className="btn" disabled={busy || Object.keys(roles).length === 0} onClick={reread}>
          <Icon name="undo" />
          {m.forms.reread}
        </button>
      </details>
      {file.left.length > 0 && (
        <details>
          <summary>{m.forms.left({ n: file.left.length })}</summary>
          <ul className="facts small" data-testid="left">
            {file.left.map((a, i) => (
              <li key={i}>
                <code className="checklist-cell">{a.cell}</code>
                <span className="grow">{a.text}</span>
                <span className="muted">{l(a.say)}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  )
}
