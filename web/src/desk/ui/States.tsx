import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { NetworkError, ProblemError, statusOf } from '../../api/errors'
import { useI18n } from '../../shared/i18n'
import { CannotShrink } from '../../shared/shrink'
import { useLate, useMe, useTitle } from './hooks'
import { toast } from './Toast'

const art = {
  empty: (
    <>
      <rect x="14" y="10" width="52" height="60" rx="3" fill="#fff" stroke="#7f898c" strokeWidth="1.5" strokeDasharray="4 3" />
      <path d="M24 26h32M24 38h32M24 50h18" stroke="#dedfda" strokeWidth="3" />
    </>
  ),
  nomatch: (
    <>
      <rect x="10" y="14" width="44" height="52" rx="3" fill="#fff" stroke="#7f898c" strokeWidth="1.5" />
      <path d="M18 28h28M18 38h28M18 48h16" stroke="#dedfda" strokeWidth="3" />
      <circle cx="54" cy="50" r="13" fill="#fff" stroke="#11606d" strokeWidth="2.5" />
      <path d="m63 60 9 9" stroke="#11606d" strokeWidth="3" strokeLinecap="round" />
    </>
  ),
  forbidden: (
    <>
      <rect x="18" y="34" width="44" height="34" rx="3" fill="#fff" stroke="#7f898c" strokeWidth="1.5" />
      <path d="M28 34v-8a12 12 0 0 1 24 0v8" fill="none" stroke="#7f898c" strokeWidth="2.5" />
      <circle cx="40" cy="50" r="4" fill="#11606d" />
    </>
  ),
  failed: (
    <>
      <path d="M40 12 70 66H10z" fill="#fff" stroke="#96370f" strokeWidth="2" strokeLinejoin="round" />
      <path d="M40 32v16M40 56v.5" stroke="#96370f" strokeWidth="3.5" strokeLinecap="round" />
    </>
  ),
  missing: (
    <>
      <path d="M10 16a6 6 0 0 1 6-6h21v27H10z" fill="#dedfda" />
      <path d="M10 43h27v27H16a6 6 0 0 1-6-6z" fill="#dedfda" />
      <path d="M43 43h27v21a6 6 0 0 1-6 6H43z" fill="#dedfda" />
      <path d="M44 11a26 26 0 0 1 25 25H44z" fill="none" stroke="#7f898c" strokeWidth="1.5" strokeDasharray="4 3" />
    </>
  ),
  done: (
    <>
      <circle cx="40" cy="40" r="28" fill="#fff" stroke="#11606d" strokeWidth="2" />
      <path d="m27 41 9 9 17-20" fill="none" stroke="#11606d" strokeWidth="3.5" strokeLinecap="round" strokeLinejoin="round" />
    </>
  ),
}

export function State({ kind, title, children, actions }: { kind: keyof typeof art; title: string; children?: ReactNode; actions?: ReactNode }) {
  return (
    <div className="stt" data-state={kind}>
      <svg width="80" height="80" viewBox="0 0 80 80" aria-hidden="true">
        {art[kind]}
      </svg>
      <h2>{title}</h2>
      {children && <div className="muted">{children}</div>}
      {actions && <div className="acts">{actions}</div>}
    </div>
  )
}

/** A list narrowed to nothing, with the way back. */
export function NoMatch({ onClear }: { onClear: () => void }) {
  const { m } = useI18n()
  return (
    <State
      kind="nomatch"
      title={m.common.noMatch}
      actions={
        <button type="button" className="btn" onClick={onClear}>
          {m.common.clear}
        </button>
      }
    />
  )
}

export function Skeleton({ rows = 5 }: { rows?: number }) {
  const { m } = useI18n()
  if (!useLate()) return <div className="skeleton" data-loading />
  const widths = [150, 120, 170, 110, 140]
  return (
    <div className="skeleton" data-loading role="status" aria-label={m.states.skeleton}>
      {Array.from({ length: rows }, (_, i) => (
        <div className="row" key={i}>
          <span className="skel" style={{ width: 16 }} />
          <span className="skel" style={{ width: 96 }} />
          <span className="skel" style={{ width: widths[i % 5] }} />
          <span className="grow" />
          <span className="skel" style={{ width: 56 }} />
        </div>
      ))}
    </div>
  )
}

function ToBench({ quiet }: { quiet?: boolean }) {
  const { m } = useI18n()
  return (
    <Link to="/bench" className={quiet ? 'btn quiet' : 'btn'}>
      {m.states.toBench}
    </Link>
  )
}

/** What a failed read says: no right, not found, no network, or broken. */
export function Failed({ error, retry }: { error: unknown; retry?: () => void }) {
  const { m } = useI18n()
  const me = useMe()
  const status = statusOf(error)
  if (status === 403)
    return (
      <State
        kind="forbidden"
        title={m.states.forbidden}
        actions={<ToBench />}
      >
        {m.states.forbiddenHint({ unit: me.unit.name })}
      </State>
    )
  if (status === 404) return <Missing />
  const code = error instanceof ProblemError ? error.problem.instance || error.problem.code : ''
  return (
    <State
      kind="failed"
      title={error instanceof NetworkError ? m.states.noNetwork : m.states.failed}
      actions={
        <>
          {retry && (
            <button type="button" className="btn primary" onClick={retry}>
              {m.common.retry}
            </button>
          )}
          {code && (
            <button type="button" className="btn quiet" onClick={() => void copyText(code).then(() => toast(m.common.copied))}>
              {m.states.code({ c: code })}
            </button>
          )}
        </>
      }
    >
      {error instanceof ProblemError ? error.message : m.states.failedHint}
    </State>
  )
}

export function Missing() {
  const { m } = useI18n()
  useTitle(m.states.notFound)
  return (
    <State
      kind="missing"
      title={m.states.notFound}
      actions={
        <>
          <Link to="/" className="btn">
            {m.states.toSummary}
          </Link>
          <ToBench quiet />
        </>
      }
    >
      {m.states.notFoundHint}
    </State>
  )
}

/** One place for the life of a query: late skeleton, failure, content. Old content stays while new content is read. */
export function Loaded<T>({
  query,
  children,
  rows,
}: {
  query: { data: T | undefined; error: unknown; isPending: boolean; refetch: () => unknown }
  children: (data: T) => ReactNode
  rows?: number
}) {
  if (query.data !== undefined) return <>{children(query.data)}</>
  if (query.error) return <Failed error={query.error} retry={() => void query.refetch()} />
  return <Skeleton {...(rows ? { rows } : {})} />
}

export async function copyText(text: string) {
  try {
    await navigator.clipboard.writeText(text)
  } catch {
    // plain http has no clipboard: the old way
    const t = document.createElement('textarea')
    t.value = text
    t.style.position = 'fixed'
    document.body.append(t)
    t.select()
    document.execCommand('copy')
    t.remove()
  }
}

export function useProblemText() {
  const { m } = useI18n()
  return (e: unknown) =>
    e instanceof CannotShrink ? m.form.cannot[e.why] : e instanceof ProblemError ? e.message : e instanceof NetworkError ? m.states.noNetwork : e instanceof Error ? e.message : m.states.failed
}
