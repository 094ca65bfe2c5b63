import { Link } from '@tanstack/react-router'
import type { Entry, Kind, Values } from '../../api/answers'
import { longDay, periodName, shortTime, place } from '../../shared/format'
import { Figure } from '../ui/Figure'
import { Icon } from '../ui/Icon'
import { PhotoGrid, nameOf } from '../ui/Photos'
import { DocumentStatus } from '../ui/StatusMark'
import { useMe } from '../ui/hooks'
import { isBlob, useFieldValue } from './fields'
import { useI18n } from './texts'

/** Fields of a record, in the order of its kind. */
export function Content({ entry, kind, values = entry.values }: { entry: Entry; kind: Kind | undefined; values?: Values }) {
  const { m, l, lang } = useI18n()
  const me = useMe()
  const show = useFieldValue()
  return (
    <dl className="pairs">
      <dt>{m.common.unit}</dt>
      <dd>{place(entry.unit)}</dd>
      {kind?.mode === 'state' && (
        <>
          <dt>{m.ledger.inForce}</dt>
          <dd>
            {longDay(entry.from, lang)} {m.ledger.toDay({ day: entry.until ? longDay(entry.until, lang) : '' })}
          </dd>
        </>
      )}
      {kind?.fields
        .filter(f => !isBlob(f) && (kind.mode !== 'state' || (f.key !== kind.from && f.key !== kind.until)))
        .map(f => {
          const absent = values[f.key] === undefined
          if (absent && !f.required) return null
          return (
            <FieldRow key={f.key} title={l(f.title)}>
              {f.type === 'date' && !absent ? longDay(String(values[f.key]), lang) : show(f, values, entry.labels)}
            </FieldRow>
          )
        })}
      <dt>{m.entry.source}</dt>
      <dd className="muted">
        {nameOf(entry.by)}
        {m.common.sep}
        {shortTime(entry.at, me.today)}
        {entry.history[0]?.source || entry.history[entry.history.length - 1]?.source
          ? `${m.common.sep}${entry.history[0]?.source ?? entry.history[entry.history.length - 1]?.source}`
          : ''}
      </dd>
    </dl>
  )
}
const FieldRow = ({ title, children }: { title: string; children: React.ReactNode }) => (
  <>
    <dt>{title}</dt>
    <dd>{children}</dd>
  </>
)

export function Notes({ entry }: { entry: Entry }) {
  const { m, l, lang } = useI18n()
  return (
    <>
      {entry.hints.map(h => (
        <p key={h.zh} className="hint gap-2">
          <Icon name="warn" />
          <span>{l(h)}</span>
        </p>
      ))}
      {entry.state === 'returned' && entry.reason && (
        <p className="hint soft gap-2">
          <Icon name="undo" />
          <span>
            <b>{m.entry.lastReason}</b>　{m.common.quote({ t: entry.reason })}
          </span>
        </p>
      )}
      {entry.locked && (
        <p className="hint gap-2">
          <Icon name="lock" />
          <span>{m.entry.locked({ from: longDay(entry.locked.from, lang), until: longDay(entry.locked.until, lang) })}</span>
        </p>
      )}
      {entry.counted && entry.state !== 'verified' && entry.state !== 'void' && (
        <p className="hint gap-2">
          <Icon name="clock" />
          <span>{m.entry.countedOld}</span>
        </p>
      )}
    </>
  )
}

export function Photos({ entry, max }: { entry: Entry; max?: number }) {
  const { m } = useI18n()
  if (!entry.evidence.length) return null
  return (
    <section>
      <h3>
        {m.entry.photos} <span className="small faint">{m.entry.photosN({ n: entry.evidence.length })}</span>
      </h3>
      <PhotoGrid evidence={entry.evidence} {...(max ? { max } : {})} />
    </section>
  )
}

export function CountsIn({ entry }: { entry: Entry }) {
  const { m, l, lang } = useI18n()
  return (
    <section>
      <h3>{m.entry.counts}</h3>
      {entry.counts_in.length === 0 && entry.documents.length === 0 && <p className="faint gap-1">{m.entry.notYet}</p>}
      <ul className="cnt">
        {entry.counts_in.map(c => (
          <li key={c.key + c.unit.id + c.period}>
            <span className="grow">
              <Figure figure={{ key: c.key, title: c.title, display: l(c.title), unit: c.unit, period: c.period }} />{' '}
              <span className="small faint">
                {c.unit.name} {periodName(c.period, lang)}
              </span>
            </span>
            <span className="muted nowrap">{m.entry.partOf({ all: c.display, mine: c.mine_text || String(c.mine) })}</span>
          </li>
        ))}
        {entry.documents.map(d => (
          <li key={d.id + d.n}>
            <span className="grow cut">
              {l(d.title_figure)}
              {'\u3000'}
              <Link to="/documents/$id" params={{ id: d.id }} search={{ n: d.n }} title={d.title}>
                {d.title}
              </Link>
            </span>
            <DocumentStatus state={d.state} />
          </li>
        ))}
      </ul>
    </section>
  )
}

export function HistoryLog({ entry }: { entry: Entry }) {
  const { m, l } = useI18n()
  const me = useMe()
  const log = [...entry.history].sort((a, b) => b.at - a.at)
  return (
    <section>
      <h3>
        {m.entry.history} <span className="small faint">{m.entry.rev({ n: entry.rev })}</span>
      </h3>
      <ol className="log gap-2">
        {log.map((h, i) => (
          <li key={i}>
            <b>{nameOf(h.by)}</b> {m.entry.ops[h.op] ?? h.op}{' '}
            <span className="faint">
              {shortTime(h.at, me.today)}
              {h.source ? `${m.common.sep}${h.source}` : ''}
            </span>
            {h.op !== 'create' &&
              h.op !== 'import' &&
              h.changes.map(c => (
                <span key={c.field} className="chg">
                  <br />
                  {l(c.title)} <span className="old">{c.old ?? m.common.none}</span> → <span className="new">{c.new ?? m.common.none}</span>
                </span>
              ))}
            {h.reason && (
              <>
                <br />
                {m.common.quote({ t: h.reason })}
              </>
            )}
          </li>
        ))}
      </ol>
    </section>
  )
}
