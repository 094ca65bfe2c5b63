import { useEffect, useRef, useState } from 'react'
import type { Entry, Kind, Values } from '../../api/answers'
import { shortTime } from '../../shared/format'
import type { Sent } from '../../shared/schema-form/core'
import { Icon } from '../ui/Icon'
import { nameOf } from '../ui/Photos'
import { useMe } from '../ui/hooks'
import { useFieldText } from './fields'
import { useI18n } from './texts'

export type Conflict = { current: Entry; mine: Sent; base: Sent }
const eq = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

/** Both sides of a record changed by two people; nothing is overwritten silently. */
export function ConflictView({
  conflict: { current, mine, base },
  kind,
  onResolve,
}: {
  conflict: Conflict
  kind: Kind
  onResolve: (values: Sent, rev: number) => void
}) {
  const { m, l } = useI18n()
  const me = useMe()
  const text = useFieldText()
  const theirs = current.values as Sent
  const fields = kind.fields.filter(f => !eq(mine[f.key], theirs[f.key]) || !eq(mine[`${f.key}.basis`], theirs[`${f.key}.basis`]))
  const [choice, setChoice] = useState<{ [key: string]: 'mine' | 'theirs' }>(() =>
    Object.fromEntries(fields.map(f => [f.key, eq(mine[f.key], base[f.key]) ? 'theirs' : 'mine'])),
  )
  const box = useRef<HTMLElement>(null)
  useEffect(() => box.current?.focus(), [])
  const last = [...current.history].sort((a, b) => b.at - a.at)[0]
  const shown = (values: Sent, key: string) => {
    const f = kind.fields.find(x => x.key === key)!
    return text(f, values as Values, eq(values[key], current.values[key]) ? current.labels : {}) || m.common.none
  }
  const apply = () => {
    const out: Sent = { ...mine }
    for (const f of fields) {
      if (choice[f.key] !== 'theirs') continue
      for (const k of [f.key, `${f.key}.basis`]) {
        if (theirs[k] === undefined) delete out[k]
        else out[k] = theirs[k]
      }
    }
    onResolve(out, current.rev)
  }
  return (
    <section className="conflict" role="alert" tabIndex={-1} ref={box}>
      <h2 className="row">
        <Icon name="warn" />
        {m.form.conflict}
      </h2>
      <p className="muted">
        {last && `${nameOf(last.by)} ${shortTime(last.at, me.today)}${m.common.stop}`}
        {m.form.conflictHint}
      </p>
      <table>
        <thead>
          <tr>
            <th>{m.verify.item}</th>
            <th>{m.form.original}</th>
            <th>{m.form.theirs}</th>
            <th>{m.form.mine}</th>
          </tr>
        </thead>
        <tbody>
          {fields.map(f => (
            <tr key={f.key}>
              <th scope="row">{l(f.title)}</th>
              <td className="faint">{shown(base, f.key)}</td>
              {(['theirs', 'mine'] as const).map(side => (
                <td key={side} className={choice[f.key] === side ? 'on' : ''}>
                  <label className="row">
                    <input
                      type="radio"
                      className="check"
                      name={`c-${f.key}`}
                      checked={choice[f.key] === side}
                      onChange={() => setChoice({ ...choice, [f.key]: side })}
                      aria-label={`${l(f.title)} ${side === 'mine' ? m.form.useMine : m.form.useTheirs}`}
                    />
                    <span>{shown(side === 'mine' ? mine : theirs, f.key)}</span>
                  </label>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p className="gap-3">
        <button type="button" className="btn primary" onClick={apply}>
          {m.form.apply}
        </button>
      </p>
    </section>
  )
}
