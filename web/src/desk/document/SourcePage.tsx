import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
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
  const { m, l, lang } = useI18n()
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
                  <div>
                    <p className="faint">{m.source.issued}</p>
                    <p className="big">
                      {s.issued.display}
                      <small>{l(s.figure.unit_of)}</small>
                    </p>
                    {s.issued.part != null && s.issued.of != null && (
                      <p className="muted">
                        {fixed(s.issued.part, 0, lang)} / {fixed(s.issued.of, 0, lang)}
                      </p>
                    )}
                    <p className="muted">{m.source.records({ n: s.issued.records })}</p>
                  </div>
                  <div>
                    <p className="faint">{m.source.now}</p>
                    <p className="big">
                      {s.figure.display}
                      <small>{l(s.figure.unit_of)}</small>
                    </p>
                    {s.figure.part != null && s.figure.of != null && (
                      <p className="muted">
                        {fixed(s.figure.part, 0, lang)} / {fixed(s.figure.of, 0, lang)}
                      </p>
                    )}
                    <p className={s.same ? 'muted' : 'dif'}>{s.same ? m.source.same : m.source.differs}</p>
                  </div>
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
