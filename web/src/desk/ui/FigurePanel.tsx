import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { get, url } from '../../api/client'
import { useI18n } from '../../shared/i18n'
import { figureId } from './Figure'
import { Icon } from './Icon'
import { Loaded, copyText } from './States'
import { toast } from './Toast'
import { GoTo } from './GoTo'
import { useList } from './manifest'
import { PanelBody } from './PanelBody'

export function usePanel(key: string, unit: number, period: string) {
  return useQuery({
    queryKey: ['figure', key, unit, period],
    queryFn: ({ signal }) => get('/figures/{key}', { key, unit, period }, signal),
    placeholderData: keepPreviousData,
    enabled: !!key,
  })
}

type Props = {
  figureKey: string
  unit: number
  period: string
  nth?: ReactNode
  onPrevious?: (() => void) | undefined
  onNext?: (() => void) | undefined
  onClose?: () => void
  className?: string
}

/** Where a figure comes from: value, comparison, definition, months, parts, what counts and what does not, records, digest. */
export function FigurePanel({ figureKey, unit, period, nth, onPrevious, onNext, onClose, className = 'panel' }: Props) {
  const { m, l } = useI18n()
  const query = usePanel(figureKey, unit, period)
  const p = query.data
  const list = useList(p?.keeper, p?.kind)
  return (
    <aside className={className} aria-label={m.figure.panel}>
      <header>
        <div className="placeholder grow">
          <h2 className="cut">{p ? l(p.title) : m.figure.panel}</h2>
          <span className="small faint cut">{nth}</span>
        </div>
        {onPrevious && (
          <button type="button" className="btn icon slim" aria-label={m.common.previous} onClick={onPrevious}>
            <Icon name="up" />
          </button>
        )}
        {onNext && (
          <button type="button" className="btn icon slim" aria-label={m.common.next} onClick={onNext}>
            <Icon name="down" />
          </button>
        )}
        {onClose && (
          <button type="button" className="btn icon slim" aria-label={m.common.close} onClick={onClose}>
            <Icon name="close" />
          </button>
        )}
      </header>
      <div className="body" aria-live="polite" key={`${figureKey}${unit}${period}`} style={query.isPlaceholderData ? { opacity: 0.5 } : undefined}>
        <Loaded query={query}>{x => <PanelBody panel={x} />}</Loaded>
      </div>
      {p && (
        <footer>
          {list && p.counted.records > 0 && (
            <GoTo className="btn" to={list({ unit, period, figure: p.key })}>
              {m.figure.openLedger({ n: p.counted.records })}
            </GoTo>
          )}
          <span className="grow" />
          {p.digest && (
            <>
              <span className="small faint nowrap">
                {m.figure.digest} <code>{shortDigest(p.digest)}</code>
              </span>
              <button
                type="button"
                className="btn icon slim"
                aria-label={m.figure.copyDigest}
                onClick={() => void copyText(p.digest).then(() => toast(m.common.copied))}
              >
                <Icon name="copy" />
              </button>
              <a
                className="btn icon slim"
                aria-label={m.figure.downloadDigest}
                title={m.figure.downloadDigest}
                href={url(`/figures/${encodeURIComponent(p.key)}/download`, { unit, period })}
                download
              >
                <Icon name="download" />
              </a>
            </>
          )}
        </footer>
      )}
    </aside>
  )
}

export const shortDigest = (d: string) => {
  const hex = d
    .replace(/^sha256:/, '')
    .slice(0, 8)
    .toUpperCase()
  return hex.length === 8 ? `${hex.slice(0, 4)} ${hex.slice(4)}` : hex
}

export { figureId }
