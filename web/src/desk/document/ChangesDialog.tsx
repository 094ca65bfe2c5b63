import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { get } from '../../api/client'
import type { Document } from '../../api/answers'
import { tableTime } from '../../shared/format'
import { Dialog } from '../ui/Dialog'
import { FieldBox } from '../ui/Field'
import { Loaded } from '../ui/States'
import { useI18n } from './texts'


/** Where two texts begin and end alike is said quietly; what differs is marked. */
function Marked({ text, other, as: As }: { text: string; other: string; as: 'del' | 'ins' }) {
  const a = [...text]
  const b = [...other]
  let head = 0
  let tail = 0
  if (other) {
    while (head < a.length && head < b.length && a[head] === b[head]) head++
    while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++
  }
  const middle = a.slice(head, a.length - tail).join('')
  return (
    <>
      {a.slice(0, head).join('')}
      {middle && <As>{middle}</As>}
      {a.slice(a.length - tail).join('')}
    </>
  )
}

/** What a draft says differently than an earlier one. */
export function ChangesDialog({ doc, onClose }: { doc: Document; onClose: () => void }) {
  const { m, l } = useI18n()
  const [rev, setRev] = useState(0)
  const query = useQuery({
    queryKey: ['changes', doc.id, doc.rev, rev],
    queryFn: ({ signal }) => get('/documents/{id}/changes', { id: doc.id, rev: rev || undefined }, signal),
  })
  return (
    <Dialog wide title={m.docs.changesTitle} onClose={onClose}>
      <Loaded query={query}>
        {d =>
          !d.since ? (
            <p className="muted">{m.docs.changesNone}</p>
          ) : (
            <>
              <FieldBox label={m.docs.compareWith}>
                {a => (
                  <select id={a.id} className="input" value={d.since!.rev} onChange={e => setRev(Number(e.target.value))}>
                    {d.drafts.map(x => (
                      <option key={x.rev} value={x.rev}>
                        {m.docs.draftAt({ n: x.rev, t: tableTime(x.at), who: x.by })}
                      </option>
                    ))}
                  </select>
                )}
              </FieldBox>
              {d.figures.length + d.paragraphs.length === 0 && <p className="muted gap-3">{m.docs.changesSame}</p>}
              {d.figures.length > 0 && (
                <>
                  <h3 className="gap-3">{m.docs.figuresChanged({ n: d.figures.length })}</h3>
                  <table className="table change-fig">
                    <thead>
                      <tr>
                        <th>{m.documents.figure}</th>
                        <th className="num">{m.docs.was}</th>
                        <th className="num">{m.docs.isNow}</th>
                      </tr>
                    </thead>
                    <tbody>
                      {d.figures.map(f => (
                        <tr key={f.n}>
                          <td>{l(f.title)}</td>
                          <td className="num muted">{f.old || m.docs.added}</td>
                          <td className="num strong">{f.new || m.docs.gone}</td>
                        </tr>
                      ))}
                    </tbody>
                  </table>
                </>
              )}
              {d.paragraphs.length > 0 && (
                <>
                  <h3 className="gap-3">{m.docs.paragraphsChanged({ n: d.paragraphs.length })}</h3>
                  <ol className="change-par" lang="zh-CN">
                    {d.paragraphs.map((p, i) => (
                      <li key={i}>
                        {p.old && (
                          <p className="was">
                            <Marked text={p.old} other={p.new} as="del" />
                          </p>
                        )}
                        {p.new && (
                          <p>
                            <Marked text={p.new} other={p.old} as="ins" />
                          </p>
                        )}
                      </li>
                    ))}
                  </ol>
                </>
              )}
            </>
          )
        }
      </Loaded>
    </Dialog>
  )
}
