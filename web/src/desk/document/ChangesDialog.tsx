import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { get } from '../../api/client'
import type { Document } from '../../api/answers'
import { tableTime } from '../../shared/format'
import { Dialog } from '../ui/Dialog'
import { SelectField } from '../ui/Field'
import { Loaded } from '../ui/States'
import { Table } from '../ui/Table'
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
              <SelectField
                label={m.docs.compareWith}
                options={d.drafts.map(x => ({ value: String(x.rev), label: m.docs.draftAt({ n: x.rev, t: tableTime(x.at), who: x.by }) }))}
                value={String(d.since.rev)}
                onChange={x => setRev(Number(x))}
              />
              {d.figures.length + d.paragraphs.length === 0 && <p className="muted gap-3">{m.docs.changesSame}</p>}
              {d.figures.length > 0 && (
                <>
                  <h3 className="gap-3">{m.docs.figuresChanged({ n: d.figures.length })}</h3>
                  <Table
                    className="table change-fig"
                    rows={d.figures}
                    id={f => f.n}
                    columns={[
                      { title: m.documents.figure, cell: f => l(f.title) },
                      { title: m.docs.was, num: true, className: 'muted', cell: f => f.old || m.docs.added },
                      { title: m.docs.isNow, num: true, className: 'strong', cell: f => f.new || m.docs.gone },
                    ]}
                  />
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
