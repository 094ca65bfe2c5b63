import type { Document } from '../../api/answers'
import type { DocumentFigure } from './types'
import { useI18n } from './texts'

export const gapsOf = (doc: Document): DocumentFigure[] => doc.cited.filter(f => f.missing)
/** Figures of a draft that stand at 0 because nobody ever recorded anything for them. */
export const unrecordedOf = (doc: Document): DocumentFigure[] => doc.cited.filter(f => f.unrecorded && !f.missing)
/** Figures without a value and own texts left blank. */
export const gapCount = (doc: Document) => (doc.state === 'draft' || doc.state === 'review' || doc.state === 'approved' ? Math.max(doc.gaps, gapsOf(doc).length) : 0)
export const sectionOf = (doc: Document, n: number) => [...doc.outline].reverse().find(s => s.figures.includes(n))?.id ?? ''

/** A heading's first words: 「（一）强化组织领导，层层压实责任。」 becomes 「（一）强化组织领导」. */
export const headingOf = (text: string) => text.split(/[\uff0c\u3002\uff1b,.;]/)[0]!.trim() || text

export function Outline({ doc, section, onGo, onGap }: { doc: Document; section: string; onGo: (id: string) => void; onGap: (n: number) => void }) {
  const { m, l } = useI18n()
  const gaps = gapsOf(doc)
  const without = [...gaps, ...unrecordedOf(doc)]
  const missing = new Set(without.map(f => f.n))
  const good = doc.cited.length - without.length
  const level = Math.min(...doc.outline.map(o => o.level))
  return (
    <nav aria-label={m.summary.outline}>
      <div className="row between">
        <h3>{m.summary.outline}</h3>
        <span className="small faint">{m.summary.figures({ a: good, b: doc.cited.length })}</span>
      </div>
      <span className="bar" style={{ margin: '8px 0 16px' }}>
        <i style={{ width: `${doc.cited.length ? (good / doc.cited.length) * 100 : 100}%` }} />
      </span>
      {doc.outline.length === 0 && <p className="faint">{m.summary.noOutline}</p>}
      <ol>
        {doc.outline.map((o, i) => {
          const have = o.figures.filter(n => !missing.has(n)).length
          const next = doc.outline[i + 1]
          const isHead = o.level === level && next !== undefined && next.level > o.level && o.figures.length === 0
          if (isHead)
            return (
              <li key={o.id} className="level-1">
                <button type="button" className="plain" onClick={() => onGo(o.id)}>
                  {headingOf(o.text)}
                </button>
              </li>
            )
          return (
            <li key={o.id} className={o.level === level ? 'level-1 item' : 'item'}>
              <button
                type="button"
                className={o.id === section ? 'on' : ''}
                aria-current={o.id === section ? 'true' : undefined}
                onClick={() => onGo(o.id)}
              >
                {o.figures.length > 0 && (
                  <svg
                    className="mark"
                    viewBox="0 0 12 12"
                    role="img"
                    aria-label={have === o.figures.length ? m.summary.sectionDone : m.summary.sectionGap}
                  >
                    {have === o.figures.length ? (
                      <>
                        <circle cx="6" cy="6" r="5" fill="#11606d" />
                        <path d="m3.6 6.2 1.7 1.7 3.1-3.5" fill="none" stroke="#fff" strokeWidth="1.4" />
                      </>
                    ) : (
                      <circle cx="6" cy="6" r="4.6" fill="none" stroke="#7a4d00" strokeWidth="1.4" strokeDasharray="2 1.6" />
                    )}
                  </svg>
                )}
                <span className="grow">{headingOf(o.text)}</span>
                {o.figures.length > 0 && (
                  <span className="small faint nowrap">
                    {have}/{o.figures.length}
                  </span>
                )}
              </button>
            </li>
          )
        })}
      </ol>
      {gapCount(doc) > 0 && (
        <div className="todo">
          <p className="strong">{m.summary.left({ n: gapCount(doc) })}</p>
          {gaps.slice(0, 5).map(g => (
            <p key={g.n} className="small muted">
              {l(g.title)}{' '}
              <button type="button" className="link small" onClick={() => onGap(g.n)}>
                {m.summary.seeIt}
              </button>
            </p>
          ))}
          {doc.texts
            .filter(t => !t.value.trim())
            .map(t => (
              <p key={t.key} className="small muted">
                {l(t.title)}
              </p>
            ))}
        </div>
      )}
    </nav>
  )
}
