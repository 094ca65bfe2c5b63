import { useQueries } from '@tanstack/react-query'
import { get } from '../../api/client'
import type { Document } from '../../api/answers'
import { fixed, signed } from '../../shared/format'
import { Icon } from '../ui/Icon'
import { useI18n } from './texts'

/** What stands at the right before a figure is chosen: all of them in the order of the text, on demand beside last year's. */
export function FigureIndex({
  doc,
  compare,
  className,
  onOpen,
  onClose,
}: {
  doc: Document
  compare: boolean
  className: string
  onOpen: (n: number) => void
  onClose?: () => void
}) {
  const { m, l, lang } = useI18n()
  const panels = useQueries({
    queries: doc.cited.map(f => ({
      queryKey: ['figure', f.key, f.unit.id, f.period],
      enabled: compare,
      staleTime: 60_000,
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        get('/figures/{key}', { key: f.key, unit: f.unit.id, period: f.period }, signal),
    })),
  })
  return (
    <aside className={`${className} noprint`} aria-label={m.figure.panel}>
      <header>
        <h2>{compare ? m.summary.compare : m.summary.pickFigure}</h2>
        <span className="grow" />
        {onClose && (
          <button type="button" className="btn icon slim" aria-label={m.common.close} onClick={onClose}>
            <Icon name="close" />
          </button>
        )}
      </header>
      <div className="body">
        {!compare && (
          <>
            <p className="muted">{m.summary.clickHint}</p>
            <p className="faint small">{m.summary.keysHint}</p>
          </>
        )}
        <table className={compare ? 'index' : 'index gap-3'}>
          {compare && (
            <thead>
              <tr>
                <th colSpan={2}>{m.bench.indicator}</th>
                <th className="num">{m.summary.now}</th>
                <th className="num">{m.summary.before}</th>
                <th className="num">{m.summary.change}</th>
              </tr>
            </thead>
          )}
          <tbody>
            {doc.cited.map((f, i) => {
              const p = panels[i]?.data
              const change = p?.before?.change
              return (
                <tr key={f.n}>
                  <td className="faint small">{f.n}</td>
                  <td>
                    <button type="button" className="link" onClick={() => onOpen(f.n)}>
                      {l(f.title)}
                    </button>
                  </td>
                  <td className={f.missing || f.unrecorded ? 'num gapc' : 'num'}>
                    {f.missing ? '—' : f.unrecorded ? m.figure.unrecorded : f.value !== null ? fixed(f.value, f.decimals ?? 0, lang) : f.display}
                  </td>
                  {compare && <td className="num was">{p ? (p.before?.display ?? '—') : ''}</td>}
                  {compare && (
                    <td className="num was">
                      {change === undefined || change === null ? '' : change === 0 ? m.figure.same : signed(change, p?.decimals ?? 0, lang)}
                    </td>
                  )}
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
    </aside>
  )
}
