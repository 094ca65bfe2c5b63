import { useState } from 'react'
import { send } from '../../api/client'
import type { Document } from '../../api/answers'
import { shortTime } from '../../shared/format'
import { FormDialog } from '../ui/Dialog'
import { Icon } from '../ui/Icon'
import { UnitSelect } from '../ui/Scope'
import { useProblemText } from '../ui/States'
import { StatusMark } from '../ui/StatusMark'
import { Heads } from '../ui/Table'
import { toast } from '../ui/Toast'
import { useMe, useUnits } from '../ui/hooks'
import { useAgain } from './Approval'
import type { Delivered } from './types'
import { useI18n } from './texts'

/** To whom a document went, who read it, who signed, who has not. */
export function Deliveries({ doc }: { doc: Document }) {
  const { m } = useI18n()
  const again = useAgain()
  const problem = useProblemText()
  const [choosing, setChoosing] = useState(false)
  const list = [...doc.deliveries].sort((a, b) => Number(!!a.signed_at) - Number(!!b.signed_at) || Number(!!a.read_at) - Number(!!b.read_at) || a.unit.id - b.unit.id)
  const out = doc.state === 'issued' || doc.state === 'received'
  const late = list.filter(d => d.delivered_at && !d.signed_at)
  const remind = async () => {
    try {
      const r = await send('post', '/documents/{id}/remind', { id: doc.id }, {})
      toast(m.docs.remindedN({ n: r.units }))
      await again()
    } catch (e) {
      toast.bad(problem(e))
    }
  }
  return (
    <section className="document-deliv">
      <div className="row wrap">
        <h2 className="grow">{m.docs.recipients}</h2>
        {doc.may.remind && (
          <button type="button" className="btn slim noprint" onClick={() => void remind()}>
            <Icon name="clock" />
            {m.docs.remind}
          </button>
        )}
        {doc.may.recipients && (
          <button type="button" className="btn slim noprint" onClick={() => setChoosing(true)}>
            <Icon name="plus" />
            {out && list.length > 0 ? m.docs.addRecipients : m.docs.editRecipients}
          </button>
        )}
      </div>
      {list.length === 0 ? (
        <p className="muted">{m.docs.noRecipients}</p>
      ) : (
        <>
          {out && doc.within && (
            <p className={late.length ? 'sumline' : 'sumline calm'}>
              <b>{late.length ? m.docs.unsignedN({ n: late.length }) : m.docs.everybody}</b>
              <span className="muted">{m.docs.summary({ all: doc.recipients, read: doc.read, signed: doc.signed })}</span>
            </p>
          )}
          <table className="table document-table">
            <Heads of={[m.common.unit, m.docs.delivered, m.docs.read, m.docs.sign]} />
            <tbody>
              {list.map(d => (
                <Line key={d.unit.id} d={d} />
              ))}
            </tbody>
          </table>
        </>
      )}
      {choosing && <RecipientsDialog doc={doc} onClose={() => setChoosing(false)} onDone={again} />}
    </section>
  )
}

function Line({ d }: { d: Delivered }) {
  const { m } = useI18n()
  const { today } = useMe()
  const tableTime = (at: number) => shortTime(at, today)
  return (
    <tr>
      <td className="strong">{d.unit.name}</td>
      <td data-l={m.docs.delivered} className="muted">
        {d.delivered_at ? <span className="when">{tableTime(d.delivered_at)}</span> : m.docs.notDelivered}
      </td>
      <td data-l={m.docs.read} className="muted">
        {d.read_at ? (
          <>
            <span className="when">{tableTime(d.read_at)}</span> <span className="when">{d.read_by}</span>
          </>
        ) : d.delivered_at ? <span className="dif">{m.docs.notRead}</span> : ''}
      </td>
      <td data-l={m.docs.sign}>
        {d.signed_at ? (
          <>
            <StatusMark mark="ok">{d.signed_by}</StatusMark> <span className="muted when">{tableTime(d.signed_at)}</span>
          </>
        ) : d.delivered_at ? (
          <>
            <StatusMark mark="wait">{m.docs.notSigned}</StatusMark>
            {d.reminders > 0 && <span className="faint small"> {m.docs.remindedAt({ t: tableTime(d.reminded_at), n: d.reminders })}</span>}
          </>
        ) : (
          ''
        )}
      </td>
    </tr>
  )
}

function RecipientsDialog({ doc, onClose, onDone }: { doc: Document; onClose: () => void; onDone: () => Promise<void> }) {
  const { m } = useI18n()
  const { data: units } = useUnits()
  const fixed = new Set(doc.deliveries.filter(d => d.delivered_at).map(d => d.unit.id))
  const [chosen, setChosen] = useState(() => doc.deliveries.map(d => ({ id: d.unit.id, name: d.unit.name })))
  const have = new Set(chosen.map(c => c.id))
  const add = (list: { id: number; name: string }[]) => setChosen([...chosen, ...list.filter(u => !have.has(u.id) && u.id !== doc.unit.id)])
  const live = (units ?? []).filter(u => u.until === null)
  const group = (types: string[]) => live.filter(u => types.includes(u.type))
  const save = async () => {
    await send('put', '/documents/{id}/recipients', { id: doc.id }, { units: chosen.map(c => c.id) }, { rev: doc.rev })
    await onDone()
    toast(m.common.saved)
    onClose()
  }
  return (
    <FormDialog title={m.docs.editRecipients} onClose={onClose} onSubmit={save} submit={m.common.save}>
      <p className="muted">{fixed.size ? m.docs.recipientsMore : m.docs.recipientsHint}</p>
      <div className="row wrap gap-2">
        {(
          [
            ['street', ['street', 'zone']],
            ['department', ['department']],
          ] as const
        ).map(([key, types]) =>
          group([...types]).length ? (
            <button key={key} type="button" className="btn slim" onClick={() => add(group([...types]))}>
              <Icon name="plus" />
              {m.docs.groups[key]}
            </button>
          ) : null,
        )}
      </div>
      <div className="gap-2">
        <UnitSelect
          label={m.docs.addUnit}
          value={undefined}
          onChange={id => {
            const u = live.find(x => x.id === id)
            if (u) add([u])
          }}
        />
      </div>
      <p className="gap-2 strong">{m.docs.chosen({ n: chosen.length })}</p>
      <ul className="document-chosen">
        {chosen.map(c => (
          <li key={c.id}>
            {c.name}
            {!fixed.has(c.id) && (
              <button
                type="button"
                className="btn icon slim"
                aria-label={m.docs.remove({ name: c.name })}
                onClick={() => setChosen(chosen.filter(x => x.id !== c.id))}
              >
                <Icon name="close" />
              </button>
            )}
          </li>
        ))}
      </ul>
    </FormDialog>
  )
}
