import { RecordLink } from '../ui/RecordLink'
import { signed, tableTime } from '../../shared/format'
import { Heads } from '../ui/Table'
import { useUrl } from '../ui/hooks'
import type { Difference } from './types'
import { useI18n } from './texts'

/** What the figures of an issued document say now, and which records made the difference. */
export function Differences({ items, same }: { items: Difference[]; same: number }) {
  const { m, l, lang } = useI18n()
  const [, set] = useUrl()
  if (!items.length)
    return (
      <p className="sumline calm">
        <b>{m.documents.allSame}</b>
        <span className="muted">{m.documents.all({ n: same })}</span>
      </p>
    )
  return (
    <>
      <div className="sumline">
        <span>
          <b className="big">{items.length}</b> {m.documents.changed}
        </span>
        <span className="muted">{m.documents.same({ n: same })}</span>
        <span className="muted">{m.documents.all({ n: same + items.length })}</span>
        <span className="grow" />
        <span className="faint">{m.documents.frozen}</span>
      </div>
      <div className="tscroll">
        <table className="differences">
          <Heads of={[m.documents.figure, { num: m.documents.issued }, { num: m.documents.now }, { num: m.documents.diff }, m.documents.record, m.documents.change, m.documents.who, m.documents.why]} />
          {items.map(d => {
            const span = Math.max(d.records.length, 1)
            const lead = (
              <>
                <td rowSpan={span}>
                  <button type="button" className="fig strong" onClick={() => set({ n: d.n, fig: undefined }, { replace: true })}>
                    {l(d.title)}
                  </button>
                  <br />
                  <span className="small faint">{m.source.in({ n: d.n })}</span>
                </td>
                <td className="num" data-l={m.documents.issued} rowSpan={span}>
                  {d.issued.display}
                </td>
                <td className="num strong" data-l={m.documents.now} rowSpan={span}>
                  {d.now.display}
                </td>
                <td className="num" data-l={m.documents.diff} rowSpan={span}>
                  <b>{d.delta_text ? d.delta_text.replace('-', '−') : d.delta === null ? '' : signed(d.delta, 0, lang)}</b>
                </td>
              </>
            )
            return (
              <tbody key={d.n}>
                {d.records.length === 0 && (
                  <tr>
                    {lead}
                    <td colSpan={4} className="faint">
                      {m.documents.outside({ n: d.outside })}
                    </td>
                  </tr>
                )}
                {d.records.map((r, i) => (
                  <tr key={(r.record || r.title) + i}>
                    {i === 0 && lead}
                    <td>
                      {r.record ? (
                        <>
                          <RecordLink className="nowrap" keeper={r.keeper} id={r.record} link={r.link}>
                            {r.number || r.title}
                          </RecordLink>
                          <br />
                          <span className="small muted">
                            {r.title}
                            {m.common.paren({ t: r.unit })}
                          </span>
                        </>
                      ) : (
                        r.title
                      )}
                    </td>
                    <td className="nowrap">
                      {r.change === 'changed' && (r.old || r.new) ? (
                        <>
                          <span className="old">{r.old || '—'}</span> → <b>{r.new || '—'}</b>
                        </>
                      ) : r.change === 'removed' ? (
                        m.documents.removed
                      ) : (
                        m.documents.added
                      )}
                    </td>
                    <td>
                      {r.by && (
                        <>
                          <span className="nowrap">
                            {r.by} {r.op ? ((r.keeper === 'place' ? m.places.steps : (m.entry.ops as { [op: string]: string }))[r.op] ?? r.op) : ''}
                          </span>
                          <br />
                          <span className="small faint nowrap">{tableTime(r.at)}</span>
                        </>
                      )}
                    </td>
                    <td className="reason-cell">
                      {r.reason ?? ''}
                      {i === d.records.length - 1 && d.outside > 0 && (
                        <span className="small faint">
                          <br />
                          {m.documents.outside({ n: d.outside })}
                        </span>
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            )
          })}
        </table>
      </div>
    </>
  )
}
