import { url } from '../../api/client'
import { int, longDay } from '../../shared/format'
import type { Consent } from './types'
import { useI18n } from './texts'

export function ConsentView({ c }: { c: Consent }) {
  const { m, lang } = useI18n()
  const silent = c.asked - c.agreed - c.objected
  const part = (n: number) => ({ width: `${(n / Math.max(c.asked, 1)) * 100}%` })
  return (
    <>
      <div className="place-vote" aria-hidden="true">
        <i className="yes" style={part(c.agreed)} />
        <i className="no" style={part(c.objected)} />
      </div>
      <dl className="pairs place-pairs gap-2">
        <dt>{m.places.asked}</dt>
        <dd>{int(c.asked, lang)}</dd>
        <dt>{m.places.agreed}</dt>
        <dd>{int(c.agreed, lang)}</dd>
        <dt>{m.places.objected}</dt>
        <dd>{int(c.objected, lang)}</dd>
        <dt>{m.places.silent}</dt>
        <dd>{int(silent, lang)}</dd>
        <dt>{m.places.notice}</dt>
        <dd>{m.locks.span({ a: longDay(c.from, lang), b: longDay(c.until, lang) })}</dd>
        {c.answer && (
          <>
            <dt>{m.places.answer}</dt>
            <dd>{c.answer}</dd>
          </>
        )}
        {c.file && (
          <>
            <dt>{m.places.file}</dt>
            <dd>
              <a href={url(`/blobs/${c.file}`, { size: 'original' })} target="_blank" rel="noreferrer">
                {c.file_name || m.common.open}
              </a>
            </dd>
          </>
        )}
      </dl>
    </>
  )
}
