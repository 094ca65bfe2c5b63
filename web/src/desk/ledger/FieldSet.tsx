import { useEffect, useMemo, useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { send } from '../../api/client'
import type { Evidence, Field, Kind } from '../../api/answers'
import { longDay, place } from '../../shared/format'
import { pointerId, validate, type DraftValue, type Fault } from '../../shared/schema-form/core'
import { FieldBox, TextArea } from '../ui/Field'
import { Icon } from '../ui/Icon'
import { UnitSelect } from '../ui/Scope'
import { useUnits } from '../ui/hooks'
import { FieldInput } from './FieldInput'
import { isBlob } from './fields'
import type { Form } from './useForm'
import { useI18n } from './texts'

/** Takes the view to the field of a pointer; false where none is shown. */
export function focusPointer(pointer: string): boolean {
  const parts = pointer.split('/')
  // The nearest thing on screen: a row's field, else the group.
  for (let n = parts.length; n > 1; n--) {
    const box = document.getElementById(
      pointerId(
        parts
          .slice(0, n)
          .join('/')
          .replace(/\.basis$/, ''),
      ),
    )
    if (!box) continue
    const details = box.closest('details')
    if (details) details.open = true
    const target = box.matches('input, textarea, select, button') ? box : (box.querySelector<HTMLElement>('input, textarea, select, button') ?? box)
    target.focus()
    box.scrollIntoView({ block: 'center' })
    return true
  }
  return false
}

type Props = {
  kind: Kind
  form: Form
  faults: Fault[]
  phone: boolean
  lockUnit: boolean
  about: string[]
  labels: { [k: string]: string }
  evidence: Evidence[]
  needsReason: boolean
  onUploads: (field: string, waiting: number, failed: number) => void
  onTouched: (pointer: string) => void
}

/** The form of a kind, made from its fields. */
export function FieldSet({ kind, form, faults, phone, lockUnit, about, labels, evidence, needsReason, onUploads, onTouched }: Props) {
  const { m, l, lang } = useI18n()
  const faultOf = (pointer: string) => faults.find(f => f.pointer === pointer)?.message
  const [ctxOpen, setCtxOpen] = useState(false)
  const dated = kind.fields.find(f => f.key === (kind.day ?? kind.from))
  const dayText = dated ? String(form.draft[dated.key] ?? '') : ''
  const units = useUnits(dayText)
  const unitRow = units.data?.find(u => u.id === form.unit)
  const folded = phone && !ctxOpen && (!!unitRow || (form.unit !== undefined && units.isPending)) && (!dated || !!dayText) && !faultOf('/unit') && !(dated && faultOf(`/values/${dated.key}`))
  const set = (f: Field, key: string, v: DraftValue) => {
    form.set(key, v)
    onTouched(`/values/${f.key}`)
  }
  const has = (f: Field) => form.draft[f.key] !== undefined && form.draft[f.key] !== ''
  const main = kind.fields.filter(f => !(folded && f === dated))
  const later = phone
    ? main.filter(
        f =>
          !f.required &&
          f.type !== 'count' &&
          f.type !== 'number' &&
          f.type !== 'choice' &&
          f.type !== 'photo' &&
          !has(f) &&
          !faults.some(x => x.pointer.startsWith(`/values/${f.key}`)),
      )
    : []
  // A field that was folded away when the form opened stays where it is while it is being filled.
  const [foldedKeys] = useState(() => later.map(f => f.key))
  const inFold = (f: Field) => phone && foldedKeys.includes(f.key)
  const shown = main.filter(f => !inFold(f))
  const hidden = main.filter(inFold)
  const control = (f: Field) => (
    <Control
      key={f.key}
      field={f}
      form={form}
      phone={phone}
      fault={faultOf(`/values/${f.key}`) ?? faultOf(`/values/${f.key}.basis`)}
      faults={faults}
      labels={labels}
      evidence={evidence}
      onUploads={onUploads}
      onChange={(key, v) => set(f, key, v)}
    />
  )
  return (
    <>
      {folded ? (
        <div className="ctx">
          <span>
            <Icon name="pin" />
            <span className="cut">{unitRow && place(unitRow)}</span>
          </span>
          {dated && (
            <span>
              <Icon name="clock" />
              {longDay(dayText, lang)}
            </span>
          )}
          <button type="button" className="link" onClick={() => setCtxOpen(true)}>
            {m.common.edit}
          </button>
        </div>
      ) : (
        <div className="field wide" id={pointerId('/unit')}>
          <FieldBox label={m.form.about} error={faultOf('/unit')}>
            {a => (
              <UnitSelect
                id={a.id}
                label={m.form.about}
                value={form.unit}
                types={about}
                day={dayText}
                onChange={u => {
                  form.setUnit(u)
                  onTouched('/unit')
                }}
                invalid={a.invalid}
                describedby={a.describedby}
                disabled={lockUnit}
              />
            )}
          </FieldBox>
        </div>
      )}
      <div className="fgrid">{shown.map(control)}</div>
      {hidden.length > 0 && (
        <details open={faults.some(x => hidden.some(f => x.pointer.startsWith(`/values/${f.key}`)))}>
          <summary>
            <span className="cut">{hidden.map(f => l(f.title)).join(lang === 'en' ? ', ' : '\u3001')}</span>
            <span className="faint nowrap">{m.common.optional}</span>
            <Icon name="down" />
          </summary>
          <div className="fgrid">{hidden.map(control)}</div>
        </details>
      )}
      {needsReason && (
        <div id={pointerId('/reason')} className="gap-4">
          <TextArea
            label={m.form.reasonForEdit}
            error={faultOf('/reason')}
            hint={m.form.reasonHint}
            value={form.reason}
            onChange={r => {
              form.setReason(r)
              onTouched('/reason')
            }}
          />
        </div>
      )}
      <Hints kind={kind} form={form} />
    </>
  )
}

/** What the server would remark, asked once the form could be sent. */
function Hints({ kind, form }: { kind: Kind; form: Form }) {
  const { m, l, lang } = useI18n()
  const [body, setBody] = useState('')
  const valid = useMemo(
    () => form.unit !== undefined && validate(kind.fields, form.draft, m, lang).length === 0,
    [kind, form.draft, form.unit, m, lang],
  )
  const next = valid ? JSON.stringify({ kind: kind.key, unit: form.unit, values: form.sent() }) : ''
  useEffect(() => {
    const t = setTimeout(() => setBody(next), 900)
    return () => clearTimeout(t)
  }, [next])
  const check = useQuery({
    queryKey: ['check', body],
    queryFn: () => send('post', '/entries/check', {}, JSON.parse(body)),
    enabled: !!body,
    retry: false,
    staleTime: 60_000,
  })
  if (!body || !check.data?.hints?.length) return null
  return (
    <div className="gap-4" role="status">
      {check.data.hints.map(h => (
        <p key={h.zh} className="hint gap-2">
          <Icon name="warn" />
          <span>{l(h)}</span>
        </p>
      ))}
    </div>
  )
}

const WIDE = ['long-text', 'photo', 'file', 'group', 'geo', 'choice']

function Control({
  field: f,
  form,
  phone,
  fault,
  faults,
  labels,
  evidence,
  onUploads,
  onChange,
}: {
  field: Field
  form: Form
  phone: boolean
  fault: string | undefined
  faults: Fault[]
  labels: { [k: string]: string }
  evidence: Evidence[]
  onUploads: (field: string, waiting: number, failed: number) => void
  onChange: (key: string, v: DraftValue) => void
}) {
  const { m, l } = useI18n()
  const pointer = `/values/${f.key}`
  const max = isBlob(f) && f.max ? m.form.maxPhotos({ n: f.max }) : ''
  const optional = f.required ? '' : m.common.optional
  return (
    <div id={pointerId(pointer)} className={WIDE.includes(f.type) && !(f.type === 'choice' && (f.options?.length ?? 0) > 6) ? 'fcell wide' : 'fcell'}>
      <FieldBox
        label={l(f.title)}
        optional={[optional, max].filter(Boolean).join(m.common.sep)}
        error={fault}
        {...(f.help ? { hint: l(f.help) } : {})}
      >
        {a => (
          <FieldInput
            field={f}
            pointer={pointer}
            {...a}
            draft={form.draft}
            onChange={onChange}
            phone={phone}
            unit={form.unit}
            labels={labels}
            evidence={evidence}
            files={form.files}
            names={form.names}
            onName={form.setName}
            faults={faults}
            onUploads={onUploads}
          />
        )}
      </FieldBox>
    </div>
  )
}
