import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { send, type Body } from '../../api/client'
import { fileSize, typedCount } from '../../shared/format'
import type { Shrunk } from '../../shared/shrink'
import { DayInput } from '../ui/DayInput'
import { Dialog } from '../ui/Dialog'
import { FieldBox, TextArea } from '../ui/Field'
import { toast } from '../ui/Toast'
import { useMe } from '../ui/hooks'
import { upload } from '../ui/upload'
import { useRun } from '../ui/useRun'
import type { Consent, View } from './types'
import { useI18n } from './texts'

export function useDone(v: View, onClose: () => void) {
  const { m } = useI18n()
  const client = useQueryClient()
  return (next: View) => {
    client.setQueryData(['place', v.id], next)
    void client.invalidateQueries({ predicate: q => ['places', 'figure'].includes(String(q.queryKey[0])) })
    toast(m.places.done)
    onClose()
  }
}

export type Step = Body<'/places/{id}/steps', 'post'>['step']

export function Decide({ v, step, onClose }: { v: View; step: string; onClose: () => void }) {
  const { m } = useI18n()
  const me = useMe()
  const done = useDone(v, onClose)
  const { busy, error, setError, run } = useRun()
  const [day, setDay] = useState(me.today)
  const [note, setNote] = useState('')
  const must = ['suspend', 'retire', 'drop'].includes(step)
  const go = () => {
    if (must && note.trim().length < 2) return setError(m.entry.needReason)
    void run(async op => done(await send('post', '/places/{id}/steps', { id: v.id }, { step: step as Step, day, note: note.trim() }, { rev: v.rev, op })))
  }
  return (
    <Dialog title={m.places.decide[step]!} onClose={onClose} onSubmit={go} submit={m.places.decide[step]!} busy={busy} danger={step === 'retire' || step === 'drop'} error={error}>
      <FieldBox label={step === 'open' ? m.places.day.open : step === 'retire' ? m.places.day.retire : m.places.day.other}>{a => <DayInput id={a.id} value={day} onChange={setDay} invalid={a.invalid} describedby={a.describedby} />}</FieldBox>
      <TextArea label={m.places.note} optional={must ? '' : m.common.optional} value={note} onChange={setNote} />
    </Dialog>
  )
}

export function Consult({ v, onClose }: { v: View; onClose: () => void }) {
  const { m } = useI18n()
  const done = useDone(v, onClose)
  const { busy, error, setError, run } = useRun()
  const [c, setC] = useState<Consent>(v.consent ?? { from: '', until: '', asked: v.households, agreed: 0, objected: 0, answer: '' })
  const [sending, setSending] = useState(0) // per cent
  const [kept, setKept] = useState<Shrunk['kept']>()
  const put = (patch: Partial<Consent>) => setC(x => ({ ...x, ...patch }))
  const number = (label: string, key: 'asked' | 'agreed' | 'objected') => (
    <FieldBox label={label}>{a => <input id={a.id} className="input" inputMode="numeric" value={c[key] === 0 ? '' : String(c[key])} onChange={e => put({ [key]: typedCount(e.target.value, c[key]) })} />}</FieldBox>
  )
  const go = () => {
    if (!c.from || !c.until) return setError(m.form.err.choose({ f: m.places.notice }))
    void run(async op => done(await send('post', '/places/{id}/consult', { id: v.id }, { consent: c }, { rev: v.rev, op })))
  }
  const choose = async (file: File | undefined) => {
    if (!file) return
    setSending(1)
    setKept(undefined)
    await run(async () => {
      const done = await upload(file, p => setSending(Math.max(1, Math.round(p * 100))))
      put({ file: done.sha, file_name: done.file.name })
      setKept(done.kept)
    })
    setSending(0)
  }
  return (
    <Dialog title={m.places.consent} onClose={onClose} onSubmit={go} submit={m.common.save} busy={busy} error={error}>
      <div className="grid-2 field">
        <FieldBox label={m.places.noticeFrom}>{a => <DayInput id={a.id} value={c.from} onChange={x => put({ from: x })} invalid={a.invalid} describedby={a.describedby} />}</FieldBox>
        <FieldBox label={m.places.noticeUntil}>{a => <DayInput id={a.id} value={c.until} onChange={x => put({ until: x })} invalid={a.invalid} describedby={a.describedby} />}</FieldBox>
        {number(m.places.asked, 'asked')}
        {number(m.places.agreed, 'agreed')}
        {number(m.places.objected, 'objected')}
      </div>
      <TextArea label={m.places.answer} hint={m.places.answerHint} value={c.answer} onChange={answer => put({ answer })} />
      <FieldBox label={m.places.file} optional={m.common.optional}>
        {a => (
          <>
            <input id={a.id} type="file" accept="image/jpeg,image/png,image/webp,image/heic,image/heif,.heic,.heif" onChange={e => void choose(e.target.files?.[0])} />
            {sending > 0 ? <span className="faint"> {m.form.uploading({ p: sending })}</span> : c.file_name && <span className="faint"> {c.file_name}</span>}
            {kept && <span className="faint"> {m.form.shrunk({ from: fileSize(kept.from), to: fileSize(kept.to) })}</span>}
          </>
        )}
      </FieldBox>
    </Dialog>
  )
}
