import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { send } from '../../api/client'
import { typeFits } from '../../shared/format'
import { DayInput } from '../ui/DayInput'
import { FormDialog } from '../ui/Dialog'
import { FieldBox, Select, SelectField, TextArea, TextField } from '../ui/Field'
import { Icon } from '../ui/Icon'
import { UnitSelect } from '../ui/Scope'
import { TakePhotos } from '../ui/TakePhotos'
import { toast } from '../ui/Toast'
import { upload } from '../ui/upload'
import { useMe, useScope, useUnits } from '../ui/hooks'
import { useReason } from '../ui/useReason'
import { useAgain } from './TaskDialogs'
import type { Meeting } from './types'
import { useI18n } from './texts'

type Chair = { unit: number; name: string; presence: 'asked' | 'present' | 'represented' | 'absent'; who: string; reason: string }

/** Plans a meeting, changes it, or notes that it was held and who came. */
export function MeetingDialog({ meeting, hold, onClose }: { meeting?: Meeting; hold?: boolean; onClose: () => void }) {
  const { m } = useI18n()
  const me = useMe()
  const client = useQueryClient()
  const navigate = useNavigate()
  const again = useAgain()
  const scope = useScope()
  const held = hold || meeting?.state === 'held'
  const [unit, setUnit] = useState<number | undefined>(meeting?.unit.id ?? scope.unit)
  const [type, setType] = useState<Meeting['type']>(meeting?.type ?? 'dispatch')
  const [day, setDay] = useState(meeting?.day ?? me.today)
  const [title, setTitle] = useState(meeting?.title ?? '')
  const [place, setPlace] = useState(meeting?.place ?? '')
  const [people, setPeople] = useState(meeting?.people ? String(meeting.people) : '')
  const [agenda, setAgenda] = useState((meeting?.agenda ?? []).map(a => a.title).join('\n'))
  const [words, setWords] = useState(meeting?.words ?? '')
  const [seats, setSeats] = useState<Chair[]>((meeting?.seats ?? []).map(s => ({ unit: s.unit.id, name: s.unit.name, presence: hold && s.presence === 'asked' ? 'present' : s.presence, who: s.who, reason: s.reason })))
  const [photos, setPhotos] = useState((meeting?.photos ?? []).map(f => f.sha))
  const [files, setFiles] = useState<File[]>([])
  const [fault, setFault] = useState<{ title?: string; day?: string; unit?: string; seats?: string }>({})
  const { data: units } = useUnits(day)
  const put = (list: { id: number; name: string }[]) =>
    setSeats(was => [...was, ...list.filter(u => !was.some(s => s.unit === u.id)).map(u => ({ unit: u.id, name: u.name, presence: held ? ('present' as const) : ('asked' as const), who: '', reason: '' }))])
  const change = (i: number, patch: Partial<Chair>) => setSeats(was => was.map((s, j) => (j === i ? { ...s, ...patch } : s)))
  const check = () => {
    const f: typeof fault = {}
    if (!title.trim()) f.title = m.dis.needTitle
    if (!day) f.day = m.dis.needDay
    if (!unit) f.unit = m.form.err.choose({ f: m.dis.holder })
    const bad = seats.find(s => (s.presence === 'represented' && !s.who.trim()) || (s.presence === 'absent' && !s.reason.trim()) || (held && s.presence === 'asked'))
    if (bad) f.seats = `${bad.name}${m.common.colon}${bad.presence === 'absent' ? m.dis.whyAway : bad.presence === 'represented' ? m.dis.whoFor : m.dis.presence.asked}`
    setFault(f)
    return Object.keys(f).length === 0
  }
  const save = async (op: string) => {
    const scans = (meeting?.scans ?? []).map(f => f.sha)
    for (const f of files) scans.push((await upload(f)).sha)
    const body = {
      ...(meeting ? {} : { unit: unit! }),
      type,
      day,
      title: title.trim(),
      place: place.trim(),
      people: Number(people) || 0,
      words: words.trim(),
      agenda: agenda
        .split('\n')
        .map(t => t.trim())
        .filter(Boolean)
        .map(t => {
          const was = meeting?.agenda.find(a => a.title === t)?.unit?.id
          return { title: t, ...(was ? { unit: was } : {}) }
        }),
      seats: seats.map(s => ({ unit: s.unit, presence: s.presence, ...(s.presence === 'absent' ? { reason: s.reason } : { who: s.who }) })),
      photos,
      scans,
    }
    const v = !meeting
      ? await send('post', '/meetings', {}, body, { op })
      : hold
        ? await send('post', '/meetings/{id}/hold', { id: meeting.id }, body, { rev: meeting.rev, op })
        : await send('put', '/meetings/{id}', { id: meeting.id }, body, { rev: meeting.rev, op })
    client.setQueryData(['meeting', v.id], v)
    toast(m.common.saved)
    void again()
    onClose()
    if (!meeting) await navigate({ to: '/meetings/$id', params: { id: v.id }, search: {} })
  }
  const heading = !meeting ? m.dis.plan : hold ? m.dis.hold : meeting.state === 'held' ? m.dis.edit : m.dis.editPlanned
  return (
    <FormDialog wide title={heading} onClose={onClose} check={check} onSubmit={save} submit={hold ? m.dis.hold : m.common.save}>
      <p className="muted">{hold ? m.dis.holdHint : !meeting ? m.dis.planHint : ''}</p>
      <TextField label={m.dis.name} value={title} onChange={setTitle} error={fault.title} autoFocus={!hold} />
      <div className="grid-2 field">
        <FieldBox label={m.dis.day} error={fault.day}>
          {a => <DayInput id={a.id} value={day} onChange={setDay} invalid={a.invalid} describedby={a.describedby} {...(held ? { max: me.today } : {})} />}
        </FieldBox>
        <TextField label={m.dis.place} value={place} onChange={setPlace} optional={m.common.optional} />
      </div>
      <div className="grid-2 field">
        {meeting ? (
          <TextField label={m.dis.people} value={people} onChange={v => setPeople(v.replace(/\D/g, ''))} optional={m.common.optional} inputMode="numeric" />
        ) : (
          <FieldBox label={m.dis.holder} error={fault.unit}>
            {a => <UnitSelect id={a.id} label={m.dis.holder} value={unit} onChange={setUnit} types={['district', 'department', 'street', 'zone']} invalid={a.invalid} describedby={a.describedby} />}
          </FieldBox>
        )}
        <SelectField label={m.dis.type} value={type} onChange={setType} options={(['dispatch', 'mobilisation', 'other'] as const).map(t => ({ value: t, label: m.dis.types[t]! }))} />
      </div>
      {!hold && <TextArea label={m.dis.agenda} hint={m.dis.agendaHint} rows={3} value={agenda} onChange={setAgenda} optional={m.common.optional} />}
      {held && <TextArea label={m.dis.words} rows={3} value={words} onChange={setWords} optional={m.common.optional} />}
      <FieldBox label={m.dis.seats} hint={m.dis.seatsHint} error={fault.seats}>
        {a => (
          <div className="dis-seats">
            <ul>
              {seats.map((s, i) => (
                <li key={s.unit}>
                  <span className="dis-seat-name">{s.name}</span>
                  {held ? (
                    <>
                      <Select
                        label={`${m.dis.attendance} ${s.name}`}
                        value={s.presence}
                        onChange={v => v && change(i, { presence: v })}
                        options={(['asked', 'present', 'represented', 'absent'] as const).filter(p => p !== 'asked' || s.presence === 'asked').map(p => ({ value: p, label: m.dis.presence[p]! }))}
                      />
                      <input
                        className="input"
                        aria-label={`${s.presence === 'absent' ? m.dis.whyAway : s.presence === 'represented' ? m.dis.whoFor : m.dis.who} ${s.name}`}
                        placeholder={s.presence === 'absent' ? m.dis.whyAway : s.presence === 'represented' ? m.dis.whoFor : m.dis.who + m.common.paren({ t: m.common.optional })}
                        value={s.presence === 'absent' ? s.reason : s.who}
                        onChange={e => change(i, s.presence === 'absent' ? { reason: e.target.value } : { who: e.target.value })}
                      />
                    </>
                  ) : (
                    <span className="grow" />
                  )}
                  <button type="button" className="btn icon slim" aria-label={`${m.common.remove} ${s.name}`} onClick={() => setSeats(was => was.filter((_, j) => j !== i))}>
                    <Icon name="close" />
                  </button>
                </li>
              ))}
            </ul>
            <div className="row wrap">
              <span className="dis-add-unit">
                <UnitSelect
                  id={a.id}
                  label={m.dis.addUnit}
                  day={day}
                  value={undefined}
                  onChange={id => {
                    const u = (units ?? []).find(x => x.id === id)
                    if (u) put([u])
                  }}
                />
              </span>
              <button type="button" className="btn slim" onClick={() => put((units ?? []).filter(u => u.until === null && typeFits(['street', 'zone', 'department'], u.type)))}>
                {m.dis.addAll}
              </button>
            </div>
          </div>
        )}
      </FieldBox>
      {held && (
        <div className="grid-2 field">
          <FieldBox label={m.dis.pictures} optional={m.common.optional}>
            {() => <TakePhotos value={photos} onChange={setPhotos} label={m.dis.takePicture} />}
          </FieldBox>
          <FieldBox label={m.dis.scans} hint={m.dis.scansHint} optional={m.common.optional}>
            {a => <input id={a.id} type="file" multiple className="input dis-file" accept="image/*,.pdf,.docx,.xlsx" aria-describedby={a.describedby} onChange={e => setFiles([...(e.target.files ?? [])].slice(0, 5))} />}
          </FieldBox>
        </div>
      )}
    </FormDialog>
  )
}

export function CancelDialog({ meeting, onClose }: { meeting: Meeting; onClose: () => void }) {
  const { m } = useI18n()
  const client = useQueryClient()
  const again = useAgain()
  const { reason, check, field } = useReason(m.dis.needReason)
  const go = async (op: string) => {
    const v = await send('post', '/meetings/{id}/cancel', { id: meeting.id }, { reason }, { rev: meeting.rev, op })
    client.setQueryData(['meeting', v.id], v)
    toast(m.common.saved)
    void again()
    onClose()
  }
  return (
    <FormDialog danger title={m.dis.cancel} onClose={onClose} check={check} onSubmit={go}>
      <p className="strong">{meeting.title}</p>
      <TextArea label={m.dis.because} hint={m.dis.cancelHint} rows={3} {...field} />
    </FormDialog>
  )
}
