import { useState } from 'react'
import { send } from '../../api/client'
import { DayInput } from '../ui/DayInput'
import { FormDialog } from '../ui/Dialog'
import { FieldBox, SelectField, TextField } from '../ui/Field'
import { UnitSelect } from '../ui/Scope'
import { toast } from '../ui/Toast'
import { useMe, useRoles } from '../ui/hooks'
import type { Person } from './types'
import { useI18n } from './texts'

export function RoleFields({
  role,
  setRole,
  unit,
  setUnit,
  from,
  setFrom,
  until,
  setUntil,
  fault,
}: {
  role: string
  setRole: (r: string) => void
  unit: number | undefined
  setUnit: (u: number | undefined) => void
  from: string
  setFrom: (d: string) => void
  until: string
  setUntil: (d: string) => void
  fault: { [k: string]: string }
}) {
  const { m, l } = useI18n()
  const roles = useRoles()
  const chosen = roles.data?.items.find(r => r.key === role)
  return (
    <>
      <SelectField
        label={m.people.role}
        error={fault.role}
        hint={chosen?.verbs.map(v => l(roles.data?.verbs.find(x => x.key === v)?.title) || v).join(m.common.sep)}
        none={m.common.choose}
        options={roles.data?.items.map(r => ({ value: r.key, label: l(r.title) }))}
        value={role}
        onChange={setRole}
      />
      <FieldBox label={m.people.unit} error={fault.unit}>
        {a => <UnitSelect id={a.id} label={m.people.unit} value={unit} onChange={setUnit} invalid={a.invalid} describedby={a.describedby} />}
      </FieldBox>
      <div className="grid-2 field">
        <FieldBox label={m.common.from}>{a => <DayInput id={a.id} value={from} onChange={setFrom} />}</FieldBox>
        <FieldBox label={m.common.until} optional={m.common.optional}>
          {a => <DayInput id={a.id} value={until} onChange={setUntil} />}
        </FieldBox>
      </div>
    </>
  )
}

export function AddDialog({ onClose, onDone }: { onClose: () => void; onDone: (id: string, password: string) => void }) {
  const { m } = useI18n()
  const me = useMe()
  const [name, setName] = useState('')
  const [login, setLogin] = useState('')
  const [role, setRole] = useState('')
  const [unit, setUnit] = useState<number | undefined>()
  const [from, setFrom] = useState(me.today)
  const [until, setUntil] = useState('')
  const [fault, setFault] = useState<{ [k: string]: string }>({})
  const check = () => {
    const f: typeof fault = {}
    if (!name.trim()) f.name = m.form.err.required({ f: m.people.name })
    if (!login.trim()) f.login = m.form.err.required({ f: m.people.login })
    if (!role) f.role = m.form.err.choose({ f: m.people.role })
    if (!unit) f.unit = m.form.err.choose({ f: m.people.unit })
    setFault(f)
    return !Object.keys(f).length
  }
  const add = async (op: string) => {
    const r = await send('post', '/people', {}, { name: name.trim(), login: login.trim(), role, unit: unit!, ...(from ? { from } : {}), ...(until ? { until } : {}) }, { op })
    onDone(r.id, r.password)
  }
  return (
    <FormDialog title={m.people.add} onClose={onClose} check={check} onSubmit={add}>
      <TextField label={m.people.name} value={name} onChange={setName} error={fault.name} autoFocus />
      <TextField label={m.people.login} value={login} onChange={setLogin} error={fault.login} hint={m.signin.login} />
      <RoleFields {...{ role, setRole, unit, setUnit, from, setFrom, until, setUntil, fault }} />
    </FormDialog>
  )
}

export function GrantDialog({ person, onClose, onDone }: { person: Person; onClose: () => void; onDone: () => void }) {
  const { m } = useI18n()
  const me = useMe()
  const [role, setRole] = useState('')
  const [unit, setUnit] = useState<number | undefined>(person.unit.id)
  const [from, setFrom] = useState(me.today)
  const [until, setUntil] = useState('')
  const [fault, setFault] = useState<{ [k: string]: string }>({})
  const check = () => {
    const f: typeof fault = {}
    if (!role) f.role = m.form.err.choose({ f: m.people.role })
    if (!unit) f.unit = m.form.err.choose({ f: m.people.unit })
    setFault(f)
    return !Object.keys(f).length
  }
  const grant = async () => {
    await send('post', '/people/{id}/grants', { id: person.id }, { role, unit: unit!, from, ...(until ? { until } : {}) })
    toast(m.common.saved)
    onDone()
  }
  return (
    <FormDialog
      title={`${m.people.grant}${m.common.colon}${person.name}`}
      onClose={onClose}
      check={check}
      onSubmit={grant}
      submit={m.people.grant}
    >
      <RoleFields {...{ role, setRole, unit, setUnit, from, setFrom, until, setUntil, fault }} />
    </FormDialog>
  )
}

export function ResetDialog({ person, onClose, onDone }: { person: Person; onClose: () => void; onDone: (password: string) => void }) {
  const { m } = useI18n()
  const reset = async () => onDone((await send('post', '/people/{id}/reset', { id: person.id })).password)
  return (
    <FormDialog title={m.people.reset} onClose={onClose} onSubmit={reset}>
      <p>{m.people.resetAsk({ name: person.name })}</p>
    </FormDialog>
  )
}
