import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { get } from '../../api/client'
import { fixed } from '../../shared/format'
import { shortDigest } from '../ui/FigurePanel'
import { PanelBody } from '../ui/PanelBody'
import { Icon } from '../ui/Icon'
import { Loaded, copyText } from '../ui/States'
import { DocumentStatus } from '../ui/StatusMark'
import { toast } from '../ui/Toast'
import { useTitle } from '../ui/hooks'
import { useI18n } from './texts'
import './document.css'

/** The address printed in a document behind every figure. */
export default function SourcePage() {
  const { m, l } = useI18n()
  const { document, n } = useParams({ strict: false }) as { document: string; n: string }
  const query = useQuery({ queryKey: ['source', document, n], queryFn: ({ signal }) => get('/source/{document}/{n}', { document, n: Number(n) }, signal) })
  useTitle(query.data ? l(query.data.figure.title) : m.source.title)
  return (
    <Loaded query={query}>
      {s => (
        <article className="src">
          <div>
            <div className="row wrap">
              <DocumentStatus state={s.document.state} />
              <span className="faint">{s.document.number}</span>
              <Link to="/documents/$id" params={{ id: s.document.id }} search={{ n: s.n }}>
                {s.document.title}
              </Link>
              <span className="faint">{m.source.in({ n: s.n })}</span>
            </div>
            <h1 className="gap-1">{l(s.figure.title)}</h1>
            {s.issued ? (
              <>
                <div className="pair">
                  <Value title={m.source.issued} value={s.issued} unit={l(s.figure.unit_of)}>
                    <p className="muted">{m.source.records({ n: s.issued.records })}</p>
                  </Value>
                  <Value title={m.source.now} value={s.figure} unit={l(s.figure.unit_of)}>
                    <p className={s.same ? 'muted' : 'dif'}>{s.same ? m.source.same : m.source.differs}</p>
                  </Value>
                </div>
                <p className="row faint">
                  {m.source.digest} <code title={s.issued.digest}>{shortDigest(s.issued.digest)}</code>
                  <button
                    type="button"
                    className="btn icon slim"
                    aria-label={m.figure.copyDigest}
                    onClick={() => void copyText(s.issued!.digest).then(() => toast(m.common.copied))}
                  >
                    <Icon name="copy" />
                  </button>
                </p>
              </>
            ) : (
              <p className="hint gap-3">
                <Icon name="clock" />
                <span>{m.source.notIssued}</span>
              </p>
            )}
            <div className="gap-4">
              <PanelBody panel={s.figure} />
            </div>
          </div>
        </article>
      )}
    </Loaded>
  )
}

/** What a figure says: as issued, or now. */
function Value({ title, value: v, unit, children }: { title: string; value: { display: string; part?: number | null; of?: number | null }; unit: string; children: ReactNode }) {
  const { lang } = useI18n()
  return (
    <div>
      <p className="faint">{title}</p>
      <p className="big">
        {v.display}
        <small>{unit}</small>
      </p>
      {v.part != null && v.of != null && (
        <p className="muted">
          {fixed(v.part, 0, lang)} / {fixed(v.of, 0, lang)}
        </p>
      )}
      {children}
    </div>
  )
}
