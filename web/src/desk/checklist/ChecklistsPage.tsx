import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { get, send } from '../../api/client'
import { shortDay } from '../../shared/format'
import { Dialog } from '../ui/Dialog'
import { FileField, SelectField } from '../ui/Field'
import { Icon } from '../ui/Icon'
import { Loaded, State } from '../ui/States'
import { StatusMark } from '../ui/StatusMark'
import { Heads } from '../ui/Table'
import { Verbs } from '../ui/Verbs'
import { can, useMe, useTitle } from '../ui/hooks'
import { useRun } from '../ui/useRun'
import { draftOfRead, keep } from './draft'
import type { Choices, List } from './types'
import { useI18n } from './texts'
import './checklist.css'

export const useRules = () => useQuery({ queryKey: ['checklist-rules'], queryFn: ({ signal }) => get('/checklist-rules', {}, signal) })

/** Names of what a checklist is for. */
export function useAbout(choices: Choices | undefined) {
  const { m, l } = useI18n()
  return (keys: readonly string[]) => keys.map(k => l(choices?.about.find(a => a.key === k)?.title ?? { zh: k, en: k })).join(m.common.sep)
}

export default function ChecklistsPage() {
  const { m, l } = useI18n()
  const me = useMe()
  useTitle(m.forms.title)
  const query = useRules()
  const about = useAbout(query.data?.choices)
  const [upload, setUpload] = useState(false)
  return (
    <div className="page checklist-page">
      <h1 className="unseen">{m.forms.title}</h1>
      <Verbs>
        {can(me, 'checklist.edit') && (query.data?.may ?? true) && (
          <>
            <button type="button" className="btn" onClick={() => setUpload(true)}>
              <Icon name="upload" />
              {m.forms.upload}
            </button>
            <Link className="btn primary" to="/checklists/$id" params={{ id: 'new' }} search={{}}>
              <Icon name="plus" />
              {m.forms.add}
            </Link>
          </>
        )}
      </Verbs>
      <p className="muted checklist-lead">{m.forms.lead}</p>
      <Loaded query={query} rows={8}>
        {d =>
          d.items.length === 0 ? (
            <State kind="empty" title={m.forms.none} />
          ) : (
            <table className="table checklist-table">
              <Heads of={[m.forms.title, m.forms.about, m.forms.count, m.forms.since, m.common.state]} />
              <tbody>
                {d.items.map(r => (
                  <tr key={r.key} data-key={r.key}>
                    <td>
                      <Link className="title-link" to="/checklists/$id" params={{ id: r.key }} search={{}}>
                        {l(r.title)}
                      </Link>
                    </td>
                    <td className="muted">{about(r.about)}</td>
                    <td className="muted">
                      {m.forms.counts({ s: r.sections, i: r.items })}
                      {r.points > 0 && m.common.sep + m.forms.points({ n: r.points })}
                    </td>
                    <td className="nowrap">{r.version === 0 ? '' : r.from ? shortDay(r.from, me.today) : m.forms.always}</td>
                    <td>
                      <span className="row wrap checklist-marks">
                        <span className={r.own ? 'tag' : 'faint small'}>{r.own ? m.forms.own : m.forms.shipped}</span>
                        {r.version === 0 && <StatusMark mark="draft">{m.forms.notYet}</StatusMark>}
                        {r.coming && <StatusMark mark="wait">{m.forms.coming({ d: shortDay(r.coming.from, me.today) })}</StatusMark>}
                      </span>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )
        }
      </Loaded>
      {upload && query.data && <UploadDialog list={query.data} onClose={() => setUpload(false)} />}
    </div>
  )
}

/** Takes a form in Excel and opens what was read of it. */
export function UploadDialog({ list, at = '', onClose }: { list: List; at?: string; onClose: () => void }) {
  const { m, l } = useI18n()
  const me = useMe()
  const navigate = useNavigate()
  const { busy, error, setError, run } = useRun()
  const [file, setFile] = useState<File | null>(null)
  const [key, setKey] = useState(at)
  const go = () => {
    if (!file) return setError(m.forms.uploadAsk)
    void run(async op => {
      const got = await send('post', '/checklist-rules/read', { key }, new Blob([file]), { op })
      const row = list.items.find(r => r.key === key)
      keep(me.login, key, draftOfRead(got, file.name, row ? Math.max(row.version, row.coming?.version ?? 0) : 0))
      lastFile.at = key
      lastFile.file = file
      onClose()
      await navigate({ to: '/checklists/$id', params: { id: key || 'new' }, search: { at: String(Date.now()) } })
    })
  }
  return (
    <Dialog title={m.forms.uploadTitle} onClose={onClose} onSubmit={go} submit={m.forms.uploadGo} busy={busy} error={error}>
      <p className="muted">{m.forms.uploadHint}</p>
      <FileField className="gap-2" label={m.forms.uploadAsk} accept=".xlsx,.csv" onPick={setFile} />
      <SelectField
        label={m.forms.uploadAs}
        value={key}
        onChange={setKey}
        none={m.forms.uploadNew}
        options={list.items.map(r => ({ value: r.key, label: l(r.title) }))}
      />
    </Dialog>
  )
}

/** The file that was read last, while this page is open: it is read again when a person says what its columns hold. */
export const lastFile: { at: string; file: File | null } = { at: '', file: null }
