import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { get, send } from '../../api/client'
import { FormDialog } from '../ui/Dialog'
import { FieldBox, SelectField, TextArea, TextField } from '../ui/Field'
import { UnitSelect } from '../ui/Scope'
import { TakePhotos } from '../ui/TakePhotos'
import { toast } from '../ui/Toast'
import { useScope } from '../ui/hooks'
import { useI18n } from './texts'

/** A case for a problem that no inspection found. */
export function LeadDialog({ onClose }: { onClose: () => void }) {
  const { m, l } = useI18n()
  const client = useQueryClient()
  const navigate = useNavigate()
  const scope = useScope()
  const { data } = useQuery({ queryKey: ['case-choices'], queryFn: ({ signal }) => get('/case-choices', {}, signal), staleTime: 300_000 })
  const [unit, setUnit] = useState<number | undefined>(scope.unit)
  const [title, setTitle] = useState('')
  const [words, setWords] = useState('')
  const [severity, setSeverity] = useState<'minor' | 'major'>('minor')
  const [instrument, setInstrument] = useState('prompt')
  const [party, setParty] = useState<number | undefined>()
  const [origin, setOrigin] = useState<'resident' | 'body' | 'media' | 'other'>('resident')
  const [basis, setBasis] = useState('')
  const [photos, setPhotos] = useState<string[]>([])
  const [fault, setFault] = useState<{ title?: string; unit?: string }>({})
  const check = () => {
    const f = { ...(title.trim() ? {} : { title: m.cases.needTitle }), ...(unit ? {} : { unit: m.form.err.choose({ f: m.common.unit }) }) }
    setFault(f)
    return Object.keys(f).length === 0
  }
  const go = async (op: string) => {
    const v = await send('post', '/cases', {}, { unit: unit!, title: title.trim(), words: words.trim(), severity, origin, instrument, photos, ...(party ? { party } : {}), ...(basis ? { basis: [basis] } : {}) }, { op })
    client.setQueryData(['case', v.id], v)
    void client.invalidateQueries({ predicate: q => ['cases', 'bench', 'me', 'figure'].includes(String(q.queryKey[0])) })
    toast(m.common.saved)
    onClose()
    await navigate({ to: '/cases/$id', params: { id: v.id }, search: {} })
  }
  return (
    <FormDialog title={m.cases.lead} onClose={onClose} check={check} onSubmit={go} submit={m.common.save}>
      <p className="muted">{m.cases.leadHint}</p>
      <FieldBox label={m.cases.unit} error={fault.unit}>
        {a => <UnitSelect id={a.id} label={m.cases.unit} value={unit} onChange={setUnit} invalid={a.invalid} describedby={a.describedby} />}
      </FieldBox>
      <TextField label={m.cases.titleLabel} value={title} onChange={setTitle} error={fault.title} autoFocus />
      <SelectField label={m.cases.origin} value={origin} onChange={setOrigin} options={(['resident', 'body', 'media', 'other'] as const).map(v => ({ value: v, label: m.cases.origins[v]! }))} />
      <TextArea label={m.cases.words} optional={m.common.optional} value={words} onChange={setWords} />
      <div className="grid-2 field">
        <SelectField label={m.cases.severity} value={severity} onChange={setSeverity} options={(['minor', 'major'] as const).map(v => ({ value: v, label: m.cases.severities[v]! }))} />
        <SelectField label={m.cases.instrument} value={instrument} onChange={setInstrument} options={data?.instruments.map(i => ({ value: i.key, label: l(i.title) }))} />
      </div>
      <FieldBox label={m.cases.party} hint={m.cases.partyHint} optional={m.common.optional}>
        {a => <UnitSelect id={a.id} label={m.cases.party} value={party} onChange={setParty} invalid={a.invalid} describedby={a.describedby} />}
      </FieldBox>
      <SelectField label={m.cases.basis} value={basis} onChange={setBasis} none={m.cases.noBasis} options={data?.laws.map(x => ({ value: x.key, label: l(x.title) }))} />
      <FieldBox label={m.cases.photos} optional={m.common.optional}>
        {() => <TakePhotos value={photos} onChange={setPhotos} label={m.cases.takeBefore} />}
      </FieldBox>
    </FormDialog>
  )
}
