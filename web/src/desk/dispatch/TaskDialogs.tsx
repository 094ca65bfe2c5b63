import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { get, send } from '../../api/client'
import { addDays } from '../../shared/format'
import { DayInput } from '../ui/DayInput'
import { FormDialog } from '../ui/Dialog'
import { FieldBox, SelectField, TextArea } from '../ui/Field'
import { UnitSelect } from '../ui/Scope'
import { toast } from '../ui/Toast'
import { upload } from '../ui/upload'
import { useReason } from '../ui/useReason'
import { useMe } from '../ui/hooks'
import type { Ask } from './parts'
import type { Decision } from './types'
import { useI18n } from './texts'

/** What changes when something is done to a decision. */
export const useAgain = () => {
  const client = useQueryClient()
  return () => client.invalidateQueries({ predicate: q => ['meetings', 'meeting', 'decisions', 'bench', 'figure', 'bulletins'].includes(String(q.queryKey[0])) })
}

type Mode = { kind: 'add'; meeting: string; day: string } | { kind: 'amend'; d: Decision } | { kind: 'carry'; d: Decision; meeting: string; day: string }

/** What is decided: what, by whom, until when. */
export function TaskDialog({ mode, onClose }: { mode: Mode; onClose: () => void }) {
  const { m } = useI18n()
  const { today } = useMe()
  const again = useAgain()
  const had = mode.kind === 'add' ? undefined : mode.d
  const from = mode.kind === 'amend' ? mode.d.decided : mode.day
  const [words, setWords] = useState(had?.words ?? '')
  const [unit, setUnit] = useState<number | undefined>(had?.unit.id)
  const [person, setPerson] = useState(had?.person ?? '')
  const [deadline, setDeadline] = useState(mode.kind === 'amend' ? mode.d.deadline : addDays(from > today ? from : today, 14))
  const [proof, setProof] = useState(had?.proof_asked ?? false)
  const [reason, setReason] = useState('')
  const [more, setMore] = useState(false)
  const [fault, setFault] = useState<{ words?: string; unit?: string; deadline?: string; reason?: string }>({})
  const people = useQuery({ queryKey: ['decision', 'people', unit], queryFn: ({ signal }) => get('/decision-people', { unit }, signal), enabled: !!unit })
  const names = people.data?.items ?? []
  const chosen = names.some(x => x.id === person) || (had?.person === person && had.unit.id === unit) ? person : ''
  const later = mode.kind === 'amend' && deadline > mode.d.deadline
  const check = () => {
    const f: typeof fault = {}
    if (!words.trim()) f.words = m.dis.needTask
    if (!unit) f.unit = m.form.err.choose({ f: m.dis.owner })
    if (!deadline) f.deadline = m.dis.needDay
    if (later && !reason.trim()) f.reason = m.dis.needReason
    setFault(f)
    return Object.keys(f).length === 0
  }
  const save = async (op: string) => {
    const body = { words: words.trim(), unit: unit!, deadline, proof_asked: proof, ...(chosen ? { person: chosen } : {}), ...(reason.trim() ? { reason: reason.trim() } : {}) }
    if (mode.kind === 'add') await send('post', '/meetings/{id}/decisions', { id: mode.meeting }, body, { op })
    else if (mode.kind === 'amend') await send('put', '/decisions/{id}', { id: mode.d.id }, body, { rev: mode.d.rev, op })
    else await send('post', '/decisions/{id}/carry', { id: mode.d.id }, { ...body, meeting: mode.meeting }, { rev: mode.d.rev, op })
    toast(m.common.saved)
    await again()
    if (!more) return onClose()
    setWords('')
    setPerson('')
    setMore(false)
  }
  const title = mode.kind === 'add' ? m.dis.add : mode.kind === 'amend' ? m.dis.amend : m.dis.carry
  return (
    <FormDialog title={title} onClose={onClose} check={check} onSubmit={save} submit={m.common.save}>
      {mode.kind === 'carry' && <p className="muted">{m.dis.carryHint}</p>}
      <TextArea label={m.dis.task} rows={3} value={words} onChange={setWords} error={fault.words} autoFocus />
      <FieldBox label={m.dis.owner} error={fault.unit}>
        {a => <UnitSelect id={a.id} label={m.dis.owner} value={unit} onChange={setUnit} invalid={a.invalid} describedby={a.describedby} />}
      </FieldBox>
      <div className="grid-2 field">
        <SelectField
          label={m.dis.person}
          none={m.dis.anyone}
          hint={people.isSuccess && !names.length ? m.dis.noPeople : undefined}
          options={[...(had?.person && had.unit.id === unit && !names.some(x => x.id === had.person) ? [{ id: had.person, name: had.person_name }] : []), ...names].map(x => ({ value: x.id, label: x.name }))}
          value={chosen}
          onChange={setPerson}
        />
        <FieldBox label={m.dis.deadline} error={fault.deadline}>
          {a => <DayInput id={a.id} value={deadline} onChange={setDeadline} invalid={a.invalid} describedby={a.describedby} min={from} />}
        </FieldBox>
      </div>
      {later && <TextArea label={m.dis.amendWhy} rows={2} value={reason} onChange={setReason} error={fault.reason} />}
      <label className="row gap-2">
        <input type="checkbox" checked={proof} onChange={e => setProof(e.target.checked)} />
        {m.dis.proofAsked}
      </label>
      {mode.kind === 'add' && (
        <label className="row gap-2">
          <input type="checkbox" checked={more} onChange={e => setMore(e.target.checked)} />
          {m.dis.addMore}
        </label>
      )}
    </FormDialog>
  )
}

export function ReportDialog({ d, onClose }: { d: Decision; onClose: () => void }) {
  const { m } = useI18n()
  const again = useAgain()
  const [words, setWords] = useState('')
  const [files, setFiles] = useState<File[]>([])
  const [fault, setFault] = useState<{ words?: string; files?: string }>({})
  const check = () => {
    const f = { ...(words.trim().length > 1 ? {} : { words: m.dis.needWords }), ...(d.proof_asked && !files.length ? { files: m.dis.needFile } : {}) }
    setFault(f)
    return Object.keys(f).length === 0
  }
  const go = async (op: string) => {
    const proof: string[] = []
    for (const f of files) proof.push((await upload(f)).sha)
    await send('post', '/decisions/{id}/report', { id: d.id }, { words: words.trim(), proof }, { rev: d.rev, op })
    toast(m.dis.reported)
    await again()
    onClose()
  }
  return (
    <FormDialog title={m.dis.report} onClose={onClose} check={check} onSubmit={go}>
      <p className="strong">{d.words}</p>
      <TextArea label={m.dis.reportWords} hint={m.dis.reportHint} rows={3} value={words} onChange={setWords} error={fault.words} autoFocus />
      <FieldBox label={m.dis.files} hint={d.proof_asked ? m.dis.filesNeeded : m.dis.filesHint} error={fault.files} {...(d.proof_asked ? {} : { optional: m.common.optional })}>
        {a => (
          <input
            id={a.id}
            type="file"
            multiple
            className="input dis-file"
            accept="image/jpeg,image/png,image/webp,image/heic,image/heif,.heic,.heif,.pdf,.docx,.xlsx"
            aria-describedby={a.describedby}
            onChange={e => setFiles([...(e.target.files ?? [])].slice(0, 9))}
          />
        )}
      </FieldBox>
    </FormDialog>
  )
}

export function WhyDialog({ ask, onClose }: { ask: Ask & { kind: 'return' | 'drop' | 'reopen' }; onClose: () => void }) {
  const { m } = useI18n()
  const again = useAgain()
  const { reason, check, field } = useReason(m.dis.needReason)
  const words = { return: [m.dis.giveBack, m.dis.giveBackHint], drop: [m.dis.drop, m.dis.dropHint], reopen: [m.dis.reopen, m.dis.reopenHint] }[ask.kind] as [string, string]
  const go = async (op: string) => {
    await send('post', `/decisions/{id}/${ask.kind}`, { id: ask.d.id }, { reason }, { rev: ask.d.rev, op })
    toast(m.common.saved)
    await again()
    onClose()
  }
  return (
    <FormDialog danger={ask.kind === 'drop'} title={words[0]} onClose={onClose} check={check} onSubmit={go}>
      <p className="strong">{ask.d.words}</p>
      <TextArea label={m.dis.because} hint={words[1]} rows={3} {...field} />
    </FormDialog>
  )
}

/** The dialog of what is asked, and the acceptance that asks nothing. */
export function useAsk(meeting?: { id: string; day: string }) {
  const { m } = useI18n()
  const again = useAgain()
  const [ask, setAsk] = useState<Ask | null>(null)
  const close = () => setAsk(null)
  const accept = async (d: Decision) => {
    await send('post', '/decisions/{id}/accept', { id: d.id }, {}, { rev: d.rev })
    toast(m.dis.accepted)
    await again()
  }
  const dialog =
    ask === null ? null : ask.kind === 'report' ? (
      <ReportDialog d={ask.d} onClose={close} />
    ) : ask.kind === 'amend' ? (
      <TaskDialog mode={{ kind: 'amend', d: ask.d }} onClose={close} />
    ) : ask.kind === 'carry' ? (
      meeting && <TaskDialog mode={{ kind: 'carry', d: ask.d, meeting: meeting.id, day: meeting.day }} onClose={close} />
    ) : (
      <WhyDialog ask={{ kind: ask.kind, d: ask.d }} onClose={close} />
    )
  return { setAsk, accept, dialog }
}
