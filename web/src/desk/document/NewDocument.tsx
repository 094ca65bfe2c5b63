import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { get, send } from '../../api/client'
import { DayInput } from '../ui/DayInput'
import { FormDialog } from '../ui/Dialog'
import { FieldBox, FileField, SelectField, TextField } from '../ui/Field'
import { PeriodGrid, UnitSelect } from '../ui/Scope'
import { useMe, useScope } from '../ui/hooks'
import type { DocumentKind } from './types'
import { useI18n } from './texts'

/** Start a draft from a template. */
export function DraftDialog({ onClose, template: first }: { onClose: () => void; template?: string }) {
  const { m, l } = useI18n()
  const me = useMe()
  const scope = useScope()
  const client = useQueryClient()
  const navigate = useNavigate()
  const list = useQuery({ queryKey: ['templates'], queryFn: ({ signal }) => get('/templates', {}, signal) })
  const [picked, setTemplate] = useState(first ?? '')
  const template = picked || list.data?.items[0]?.key || ''
  const [unit, setUnit] = useState<number | undefined>(scope.unit)
  const [period, setPeriod] = useState(scope.period)
  const create = async () => {
    const d = await send('post', '/documents', {}, { template, unit: unit!, period })
    void client.invalidateQueries({ queryKey: ['documents'] })
    await navigate({ to: '/documents/$id', params: { id: d.id }, search: {} })
  }
  return (
    <FormDialog title={m.docs.draft} onClose={onClose} onSubmit={create} submit={m.documents.create}>
      <SelectField
        label={m.documents.template}
        options={list.data?.items.map(t => ({ value: t.key, label: `${l(t.title)}${m.common.paren({ t: l(t.kind_title) })}` }))}
        value={template}
        onChange={setTemplate}
      />
      <FieldBox label={m.common.unit}>{a => <UnitSelect id={a.id} label={m.common.unit} value={unit} onChange={setUnit} />}</FieldBox>
      <div className="field">
        <span className="label">{m.common.period}</span>
        <PeriodGrid value={period} today={me.today} onPick={setPeriod} />
      </div>
    </FormDialog>
  )
}

/** A finished file: to be issued here, or a paper that came from outside. */
export function FileDialog({ outside, kinds, onClose }: { outside: boolean; kinds: DocumentKind[]; onClose: () => void }) {
  const { m, l } = useI18n()
  const me = useMe()
  const scope = useScope()
  const client = useQueryClient()
  const navigate = useNavigate()
  const [file, setFile] = useState<File | null>(null)
  const [title, setTitle] = useState('')
  // The kinds may arrive after the dialog opened.
  const [picked, setKind] = useState('')
  const kind = picked || ((kinds.find(k => k.key === 'notice') ?? kinds[0])?.key ?? '')
  const [unit, setUnit] = useState<number | undefined>(scope.unit)
  const [sender, setSender] = useState('')
  const [number, setNumber] = useState('')
  const [received, setReceived] = useState(me.today)
  const [fault, setFault] = useState<{ [k: string]: string }>({})
  const check = () => {
    const f: typeof fault = {}
    if (!file) f.file = m.docs.needFile
    if (!title.trim()) f.title = m.docs.needTitle
    if (outside && !sender.trim()) f.sender = m.docs.needSender
    if (!unit) f.unit = m.form.err.choose({ f: m.common.unit })
    setFault(f)
    return !Object.keys(f).length
  }
  const take = async () => {
    const d = await send('post', '/documents/file', {
      origin: outside ? 'outside' : 'file',
      kind,
      unit: unit!,
      title: title.trim(),
      name: file!.name,
      ...(outside ? { sender: sender.trim(), number: number.trim(), received } : {}),
    }, file!)
    void client.invalidateQueries({ queryKey: ['documents'] })
    await navigate({ to: '/documents/$id', params: { id: d.id }, search: {} })
  }
  return (
    <FormDialog
      title={outside ? m.docs.registerTitle : m.docs.uploadTitle}
      onClose={onClose}
      check={check}
      onSubmit={take}
      submit={outside ? m.docs.register : m.docs.upload}
    >
      {!outside && <p className="muted">{m.docs.uploadHint}</p>}
      <FileField
        label={m.docs.file}
        hint={m.docs.fileHint}
        error={fault.file}
        className="register-file"
        accept=".docx,.pdf"
        onPick={f => {
          setFile(f)
          if (f && !title) setTitle(f.name.replace(/\.[^.]+$/, ''))
        }}
      />
      <TextField label={m.docs.name} value={title} onChange={setTitle} error={fault.title} />
      <div className="grid-2 field">
        <SelectField label={m.docs.kind} options={kinds.map(k => ({ value: k.key, label: l(k.title) }))} value={kind} onChange={setKind} />
        <FieldBox label={outside ? m.docs.recipients : m.docs.issuer} error={fault.unit}>
          {a => <UnitSelect id={a.id} label={m.common.unit} value={unit} onChange={setUnit} invalid={a.invalid} describedby={a.describedby} />}
        </FieldBox>
      </div>
      {outside && (
        <>
          <TextField label={m.docs.sender} value={sender} onChange={setSender} error={fault.sender} />
          <div className="grid-2 field">
            <TextField label={m.docs.senderNumber} value={number} onChange={setNumber} />
            <FieldBox label={m.docs.received}>{a => <DayInput id={a.id} value={received} onChange={setReceived} max={me.today} />}</FieldBox>
          </div>
        </>
      )}
    </FormDialog>
  )
}
