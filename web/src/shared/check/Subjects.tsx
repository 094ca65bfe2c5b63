import { useState } from 'react'
import { uuid } from '../uuid'
import { Icon } from '../Icon'
import type { Schema } from '../../api/client'
import type { Section } from './types'
import { useI18n } from './texts'

/** A premise that was met before. */
export type Met = { key: string; name: string; type: string }
type Subject = { section: string; id: string; name: string; kind?: string }

/** Premises that a section is answered for: chosen among those met before, or named now. How many of each kind are wanted stands on the button. */
export function Subjects({ objects, kinds: all, section, chosen, add }: { objects: Met[]; kinds: Schema<'InspectObjectKind'>[]; section: Section; chosen: Subject[]; add: (x: Subject) => void }) {
  const { m, l } = useI18n()
  const [kind, setKind] = useState('')
  const [name, setName] = useState('')
  const wanted = section.each?.n.of ?? []
  const kinds = wanted.length > 0 ? wanted.map(w => w.kind) : all.map(k => k.key)
  const title = (key: string) => l(all.find(k => k.key === key)?.title ?? { zh: key, en: key })
  const known = objects.filter(o => o.type === kind && !chosen.some(c => c.id === o.key.slice(7)))
  const put = (id: string, called: string) => {
    add({ section: section.key, id, name: called, kind })
    setName('')
    setKind('')
  }
  return (
    <div className="check-add">
      <div className="check-chips">
        {kinds.map(k => {
          const n = wanted.find(w => w.kind === k)?.n
          return (
            <button key={k} type="button" className="tap" aria-pressed={kind === k} onClick={() => setKind(kind === k ? '' : k)}>
              {m.check.addSubject({ t: title(k) })}
              {n ? ` ${chosen.filter(c => c.kind === k).length}/${n}` : ''}
            </button>
          )
        })}
      </div>
      {kind && (
        <>
          {known.length > 0 && (
            <div className="check-chips" role="group" aria-label={m.check.known}>
              {known.map(o => (
                <button key={o.key} type="button" className="tap" onClick={() => put(o.key.slice(7), o.name)}>
                  {o.name}
                </button>
              ))}
            </div>
          )}
          <form
            className="row"
            onSubmit={e => {
              e.preventDefault()
              if (name.trim()) put(uuid(), name.trim())
            }}
          >
            <input className="input grow" aria-label={m.check.subjectName} placeholder={m.check.subjectName} maxLength={60} value={name} onChange={e => setName(e.target.value)} />
            <button type="submit" className="btn" disabled={!name.trim()}>
              <Icon name="plus" />
              {m.common.add}
            </button>
          </form>
        </>
      )}
    </div>
  )
}
