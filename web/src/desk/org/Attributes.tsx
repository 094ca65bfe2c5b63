import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { get, send, type Answer } from '../../api/client'
import { longDay } from '../../shared/format'
import { DayInput } from '../ui/DayInput'
import { FormDialog } from '../ui/Dialog'
import { FieldBox, SelectField, TextField } from '../ui/Field'
import { toast } from '../ui/Toast'
import { useMe } from '../ui/hooks'
import { useI18n } from './texts'

type Attribute = Answer<'/units/{id}/attributes'>['items'][number]

/** What is known of a unit, each value with the day from which it is true. Rules of a past month see that month's value. */
export function Attributes({ unit }: { unit: number }) {
  const { m, l, lang } = useI18n()
  const me = useMe()
  const [open, setOpen] = useState<Attribute | null>(null)
  const query = useQuery({ queryKey: ['unit', unit, 'attributes'], queryFn: ({ signal }) => get('/units/{id}/attributes', { id: unit }, signal) })
  const items = query.data?.items ?? []
  if (!items.length) return null
  return (
    <section className="attributes">
      <h3>{m.units.attributes}</h3>
      <dl className="pairs gap-2">
        {items.map(a => {
          const later = a.history.filter(h => h.from > me.today)
          return (
            <div key={a.key} className="attribute">
              <dt>{l(a.title)}</dt>
              <dd>
                {a.now ? (
                  <>
                    <b>{l(a.now.shown)}</b>{' '}
                    <span className="faint">
                      {m.common.from} {longDay(a.now.from, lang)}
                    </span>
                    {!a.now.fits && <span className="tag">{m.units.unfit}</span>}
                  </>
                ) : (
                  <span className="faint">{m.units.notKnown}</span>
                )}
                {later.map(h => (
                  <span key={h.from} className="faint">
                    {m.units.planned({ day: longDay(h.from, lang), value: l(h.shown) || m.units.notKnown })}
                  </span>
                ))}
                {query.data?.may.edit && (
                  <button type="button" className="link" onClick={() => setOpen(a)} aria-label={`${m.common.edit} ${l(a.title)}`}>
                    {m.common.edit}
                  </button>
                )}
                {a.history.length > 1 && (
                  <details>
                    <summary>{m.units.before}</summary>
                    <ol className="log gap-2">
                      {a.history.map(h => (
                        <li key={h.from}>
                          {longDay(h.from, lang)} · {l(h.shown) || m.units.notKnown}
                          <span className="faint"> {[h.by, h.note].filter(Boolean).join(' · ')}</span>
                        </li>
                      ))}
                    </ol>
                  </details>
                )}
              </dd>
            </div>
          )
        })}
      </dl>
      {open && <AttributeDialog unit={unit} of={open} onClose={() => setOpen(null)} />}
    </section>
  )
}

function AttributeDialog({ unit, of, onClose }: { unit: number; of: Attribute; onClose: () => void }) {
  const { m, l } = useI18n()
  const me = useMe()
  const client = useQueryClient()
  const [value, setValue] = useState(of.now?.fits ? of.now.value : '')
  const [from, setFrom] = useState(me.today)
  const [note, setNote] = useState('')
  const [fault, setFault] = useState<string>()
  const label = of.unit ? `${l(of.title)}（${l(of.unit)}）` : l(of.title)
  const options =
    of.type === 'choice'
      ? of.options.map(o => ({ value: o.key, label: l(o.title) }))
      : [
          { value: 'yes', label: m.common.yes },
          { value: 'no', label: m.common.no },
        ]
  return (
    <FormDialog
      title={l(of.title)}
      onClose={onClose}
      submit={m.common.save}
      check={() => {
        setFault(from ? undefined : m.form.err.choose({ f: m.units.effective }))
        return !!from
      }}
      onSubmit={async op => {
        await send('put', '/units/{id}/attributes/{name}', { id: unit, name: of.key }, { value: value.trim(), from, note: note.trim() }, { op })
        toast(m.units.done)
        await client.invalidateQueries({ queryKey: ['unit', unit] })
        onClose()
      }}
    >
      {of.help && <p className="muted">{l(of.help)}</p>}
      {of.type === 'choice' || of.type === 'bool' ? (
        <SelectField label={label} none={m.units.notKnown} options={options} value={value} onChange={setValue} />
      ) : of.type === 'day' ? (
        <FieldBox label={label}>{a => <DayInput id={a.id} value={value} onChange={setValue} />}</FieldBox>
      ) : (
        <TextField label={label} value={value} onChange={setValue} hint={m.units.valueHint} autoFocus />
      )}
      <FieldBox label={m.units.effective} error={fault} hint={m.units.valueFromHint}>
        {a => <DayInput id={a.id} value={from} onChange={setFrom} invalid={a.invalid} describedby={a.describedby} />}
      </FieldBox>
      <TextField label={m.units.valueNote} value={note} onChange={setNote} optional={m.common.optional} />
    </FormDialog>
  )
}
