import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { get } from '../../api/client'
import type { Entry } from '../../api/answers'
import { longDay, place, shortTime } from '../../shared/format'
import { Back } from '../ui/Back'
import { Icon } from '../ui/Icon'
import { PhotoGrid, nameOf } from '../ui/Photos'
import { Loaded } from '../ui/States'
import { EntryStatus } from '../ui/StatusMark'
import { useMe } from '../ui/hooks'
import { useKind } from './entry'
import { isBlob, useFieldText, useFieldValue } from './fields'
import { useI18n } from './texts'

export function Record({ entry: e, nth, onBack }: { entry: Entry; nth: string; onBack: () => void }) {
  const { m, l, lang } = useI18n()
  const me = useMe()
  const kind = useKind(e.kind)
  const text = useFieldText()
  const show = useFieldValue()
  const impact = useQuery({ queryKey: ['impact', e.id, e.rev], queryFn: ({ signal }) => get('/entries/{id}/impact', { id: e.id }, signal) })
  const before = e.previous_values
  const fields = (kind?.fields ?? []).filter(f => !isBlob(f))
  const same = (key: string) =>
    JSON.stringify(before?.[key]) === JSON.stringify(e.values[key]) &&
    JSON.stringify(before?.[`${key}.basis`]) === JSON.stringify(e.values[`${key}.basis`])
  const moved = before ? fields.filter(f => !same(f.key)) : []
  const still = fields.filter(f => !moved.includes(f) && e.values[f.key] !== undefined)
  const times = e.history.filter(h => h.op === 'submit').length
  // Old labels of references come from the history, where the server wrote them out.
  const lastEdit = [...e.history].sort((a, b) => b.at - a.at).find(h => h.changes.length > 0 && h.op !== 'create')
  const oldText = (key: string) => lastEdit?.changes.find(c => c.field === key)?.old
  const returned = [...e.history].sort((a, b) => b.at - a.at).find(h => h.op === 'return')
  const t = shortTime(e.at, me.today)
  return (
    <>
      <header className="record-head">
        <Back to={m.verify.backToList} onClick={onBack} />
        <div className="row wrap">
          <Link className="strong" to="/entry/$id" params={{ id: e.id }} search={{}}>
            {e.number}
          </Link>
          <EntryStatus state={e.state} />
          {kind && <span className="muted">{l(kind.title)}</span>}
          <span className="faint">{nth}</span>
        </div>
        <h1>{e.title || e.number}</h1>
        <p className="muted">
          {place(e.unit)}　{m.verify.by({ name: nameOf(e.by) })}　{times > 1 ? m.verify.submittedN({ t, n: times }) : m.verify.submittedAt({ t })}
        </p>
      </header>
      {e.hints.map(h => (
        <p key={h.zh} className="hint">
          <Icon name="warn" />
          <span>{l(h)}</span>
        </p>
      ))}
      {returned?.reason && (
        <p className="hint soft">
          <Icon name="undo" />
          <span>
            <b>{m.entry.lastReason}</b>　{m.common.quote({ t: returned.reason })}{' '}
            <span className="muted">
              {nameOf(returned.by)} {shortTime(returned.at, me.today)}
            </span>
          </span>
        </p>
      )}
      <div className="two">
        <div>
          <h2>
            {m.verify.content} {moved.length > 0 && <span className="small faint">{m.verify.changed({ n: moved.length })}</span>}
          </h2>
          <table className="diff">
            {moved.length > 0 && (
              <thead>
                <tr>
                  <th>{m.verify.item}</th>
                  <th>{m.verify.last}</th>
                  <th>{m.verify.now}</th>
                </tr>
              </thead>
            )}
            <tbody>
              {moved.map(f => (
                <tr className="changed" key={f.key}>
                  <th scope="row">{l(f.title)}</th>
                  <td>
                    {before && before[f.key] !== undefined ? (
                      <span className="old">{e.previous_labels?.[f.key] ?? oldText(f.key) ?? text(f, before, {})}</span>
                    ) : (
                      <span className="faint">{m.common.none}</span>
                    )}
                  </td>
                  <td>
                    <span className="new">{show(f, e.values, e.labels)}</span>
                  </td>
                </tr>
              ))}
              {still.map(f => (
                <tr key={f.key}>
                  <th scope="row">{l(f.title)}</th>
                  <td colSpan={2}>{f.type === 'date' ? longDay(String(e.values[f.key]), lang) : show(f, e.values, e.labels)}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <h2 className="gap-5">{m.verify.after}</h2>
          <Loaded query={impact} rows={2}>
            {d =>
              !d.items?.length ? (
                <p className="faint gap-1">{m.verify.noImpact}</p>
              ) : (
                <table className="eff">
                  <tbody>
                    {d.items.map(i => (
                      <tr key={i.key + i.unit.id}>
                        <td>
                          {i.unit.name} {l(i.title)}
                        </td>
                        <td className="num">
                          {i.before} → <b>{i.after}</b>
                        </td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              )
            }
          </Loaded>
        </div>
        <div>
          <h2>
            {m.verify.evidence} <span className="small faint">{e.evidence.length > 0 ? m.entry.photosN({ n: e.evidence.length }) : ''}</span>
          </h2>
          {e.evidence.length === 0 ? <p className="faint gap-1">{m.entry.noPhotos}</p> : <PhotoGrid evidence={e.evidence} className="photos-lead" lead />}
        </div>
      </div>
    </>
  )
}
