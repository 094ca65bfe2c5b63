import { useState } from 'react'
import { uuid } from '../../shared/uuid'
import { Icon } from '../ui/Icon'
import type { Section, Spot } from './types'
import { useI18n } from './texts'

type Subject = { section: string; id: string; name: string; kind?: string }

/** Premises that a section is answered for: chosen among those met before, or named now. How many of each kind are wanted stands on the button. */
export function Subjects({ spot, section, chosen, add }: { spot: Spot; section: Section; chosen: Subject[]; add: (x: Subject) => void }) {
  const { m, l } = useI18n()
  const [kind, setKind] = useState('')
  const [name, setName] = useState('')
  const wanted = section.each?.n.of ?? []
  const kinds = wanted.length > 0 ? wanted.map(w => w.kind) : spot.kinds.map(k => k.key)
  const title = (key: string) => l(spot.kinds.find(k => k.key === key)?.title ?? { zh: key, en: key })
  const known = spot.objects.filter(o => o.type === kind && !chosen.some(c => c.id === o.key.slice(7)))
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
              {m.inspect.addSubject({ t: title(k) })}
              {n ? ` ${chosen.filter(c => c.kind === k).length}/${n}` : ''}
            </button>
          )
        })}
      </div>
      {kind && (
        <>
          {known.length > 0 && (
            <div className="check-chips" role="group" aria-label={m.inspect.known}>
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
            <input className="input grow" aria-label={m.inspect.subjectName} placeholder={m.inspect.subjectName} maxLength={60} value={name} onChange={e => setName(e.target.value)} />
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
