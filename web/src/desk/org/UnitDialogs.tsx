import { useState } from 'react'
import { send, type Answer } from '../../api/client'
import type { UnitDetail } from '../../api/answers'
import { DayInput } from '../ui/DayInput'
import { Dialog, FormDialog } from '../ui/Dialog'
import { FieldBox, FileField, SelectField, TextField } from '../ui/Field'
import { ImportErrors } from '../ui/ImportErrors'
import { UnitSelect } from '../ui/Scope'
import { toast } from '../ui/Toast'
import { useRun } from '../ui/useRun'
import { useMe, useSchemes, useUnits } from '../ui/hooks'
import { useI18n } from './texts'
import type { zh } from './texts.zh'

export type UnitAction = 'add' | 'rename' | 'move' | 'merge' | 'scheme' | 'line' | 'close'

/** What can be done to a unit that is there, in words. */
export const changes = (m: Pick<typeof zh, 'units'>): { [A in Exclude<UnitAction, 'add'>]: string } => ({
  rename: m.units.rename,
  move: m.units.move,
  merge: m.units.merge,
  scheme: m.units.setScheme,
  line: m.units.addLine,
  close: m.units.close,
})

/** Every change of the tree has a day from which it holds; figures before that day stay. */
export function UnitDialog({ action, unit, onClose, onDone }: { action: UnitAction; unit: UnitDetail; onClose: () => void; onDone: () => void }) {
  const { m, l } = useI18n()
  const me = useMe()
  const schemes = useSchemes()
  const units = useUnits()
  const [name, setName] = useState(action === 'rename' ? unit.name : '')
  const [code, setCode] = useState('')
  const [type, setType] = useState('')
  const [target, setTarget] = useState<number | undefined>()
  const [scheme, setScheme] = useState(unit.scheme)
  const [from, setFrom] = useState(me.today)
  const [fault, setFault] = useState<{ [k: string]: string }>({})
  const types = [...new Set([...(units.data ?? []).map(u => u.type), 'community', 'village', 'estate', 'institution', 'school'])]
  const title = action === 'add' ? m.units.addTitle({ name: unit.name }) : changes(m)[action]
  const targetLabel = action === 'move' ? m.units.moveTo : action === 'merge' ? m.units.mergeInto : m.units.head
  const needsTarget = action === 'move' || action === 'merge' || action === 'line'

  const check = () => {
    const f: typeof fault = {}
    if ((action === 'add' || action === 'rename') && !name.trim()) f.name = m.form.err.required({ f: m.common.name })
    if (action === 'add' && !type) f.type = m.form.err.choose({ f: m.units.type })
    if (needsTarget && !target) f.target = m.form.err.choose({ f: targetLabel })
    if (action !== 'rename' && !from) f.from = m.form.err.choose({ f: m.units.effective })
    setFault(f)
    return !Object.keys(f).length
  }
  const go = async (op: string) => {
    const o = { op }
    if (action === 'add')
      await send('post', '/units', {}, { ...(code.trim() ? { code: code.trim() } : {}), name: name.trim(), type, parent: unit.id, from }, o)
    else if (action === 'rename') await send('put', '/units/{id}', { id: unit.id }, { name: name.trim() }, o)
    else if (action === 'move') await send('post', '/units/{id}/move', { id: unit.id }, { parent: target, from }, o)
    else if (action === 'merge') await send('post', '/units/{id}/merge', { id: unit.id }, { into: target, from }, o)
    else if (action === 'scheme') await send('post', '/units/{id}/scheme', { id: unit.id }, { scheme, from }, o)
    else if (action === 'line') await send('post', '/units/{id}/line', { id: unit.id }, { head: target, from }, o)
    else await send('post', '/units/{id}/close', { id: unit.id }, { from }, o)
    toast(m.units.done)
    onDone()
  }
  return (
    <FormDialog
      title={title}
      onClose={onClose}
      check={check}
      onSubmit={go}
      submit={action === 'close' || action === 'merge' ? title : m.common.save}
      danger={action === 'close' || action === 'merge'}
    >
      {action !== 'add' && <p className="muted">{unit.path}</p>}
      {(action === 'add' || action === 'rename') && <TextField label={m.common.name} value={name} onChange={setName} error={fault.name} autoFocus />}
      {action === 'add' && (
        <>
          <SelectField label={m.units.type} error={fault.type} none={m.common.choose} options={types.map(t => ({ value: t, label: m.units.types[t] ?? t }))} value={type} onChange={setType} />
          <TextField label={m.units.code} value={code} onChange={setCode} optional={m.common.optional} hint={m.units.codeHint} />
        </>
      )}
      {needsTarget && (
        <FieldBox label={targetLabel} error={fault.target}>
          {a => (
            <UnitSelect
              id={a.id}
              label={targetLabel}
              value={target}
              onChange={setTarget}
              exclude={unit.id}
              invalid={a.invalid}
              describedby={a.describedby}
            />
          )}
        </FieldBox>
      )}
      {action === 'scheme' && (
        <SelectField label={m.units.scheme} options={schemes.data?.map(x => ({ value: x.key, label: l(x.title) }))} value={scheme} onChange={setScheme} />
      )}
      {action !== 'rename' && (
        <FieldBox label={m.units.effective} error={fault.from} hint={m.units.effectiveHint}>
          {a => <DayInput id={a.id} value={from} onChange={setFrom} invalid={a.invalid} describedby={a.describedby} />}
        </FieldBox>
      )}
    </FormDialog>
  )
}

export function UnitImport({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const { m } = useI18n()
  const me = useMe()
  const [from, setFrom] = useState(me.today)
  const { busy, error, run } = useRun()
  const [file, setFile] = useState<File | null>(null)
  const [result, setResult] = useState<Answer<'/units/import', 'post'> | null>(null)
  const read = (f: File, dry: boolean) =>
    run(async () => {
      const r = await send('post', '/units/import', { from, name: f.name, dry_run: dry }, f)
      if (dry) setResult(r)
      else {
        toast(r.accepted ? m.imports.done({ n: r.accepted }) : m.imports.values({ n: r.values }))
        onDone()
        onClose()
      }
    })
  const ready = !!file && !!result && result.errors.length === 0 && result.accepted + result.values > 0
  return (
    <Dialog
      wide
      title={m.units.import}
      onClose={onClose}
      onSubmit={() => {
        if (ready && file) void read(file, false)
        else if (file) void read(file, true)
      }}
      submit={!ready ? m.imports.check : result.accepted ? m.imports.run({ n: result.accepted }) : m.imports.runValues({ n: result.values })}
      busy={busy || !file}
      error={error}
    >
      <p className="muted">{m.units.importHint}</p>
      <div className="grid-2 gap-3">
        <FileField
          label={m.imports.choose}
          className="filein"
          accept=".xlsx,.csv"
          onPick={f => {
            setFile(f)
            setResult(null)
          }}
        />
        <FieldBox label={m.units.effective} hint={m.units.effectiveHint}>
          {a => (
            <DayInput
              id={a.id}
              value={from}
              onChange={d => {
                setFrom(d)
                setResult(null)
              }}
              describedby={a.describedby}
            />
          )}
        </FieldBox>
      </div>
      {result && (
        <p className="gap-3">
          <b>{m.imports.rows({ n: result.rows })}</b>
          {m.common.sep}
          {m.imports.ok({ n: result.accepted })}
          {m.common.sep}
          {m.imports.same({ n: result.unchanged })}
          {result.values > 0 && `${m.common.sep}${m.imports.values({ n: result.values })}`}
          {result.errors.length > 0 && `${m.common.sep}${m.imports.bad({ n: result.errors.length })}`}
        </p>
      )}
      {result && result.errors.length > 0 && <ImportErrors errors={result.errors} />}
      {result && result.told.length > 0 && (
        <>
          <p className="gap-3">{m.units.told({ n: result.told.length })}</p>
          <ImportErrors errors={result.told} />
        </>
      )}
    </Dialog>
  )
}
