import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { url } from '../../api/client'
import type { DocumentState } from '../../api/answers'
import { daysBetween, shortDay } from '../../shared/format'
import { Icon } from '../ui/Icon'
import { DocumentStatus, StatusMark, type Mark } from '../ui/StatusMark'
import { useMe } from '../ui/hooks'
import type { Decision, Paper, Row } from './types'
import { useI18n } from './texts'

export function MeetingState({ state }: { state: Row['state'] }) {
  const { m } = useI18n()
  return <StatusMark mark={state === 'held' ? 'ok' : state === 'planned' ? 'open' : 'void'}>{m.dis.states[state]}</StatusMark>
}

export function DecisionState({ d }: { d: Decision }) {
  const { m } = useI18n()
  const { today } = useMe()
  if (d.state === 'open')
    return d.late > 0 ? <StatusMark mark="late">{m.dis.late({ n: d.late })}</StatusMark> : <StatusMark mark="open">{m.dis.left({ n: daysBetween(today, d.deadline) })}</StatusMark>
  const mark: Mark = d.state === 'reported' ? 'wait' : d.state === 'done' ? 'ok' : 'void'
  return <StatusMark mark={mark}>{m.dis.stateOf[d.state]}</StatusMark>
}

export type Ask = { kind: 'report' | 'return' | 'drop' | 'reopen' | 'amend' | 'carry'; d: Decision }

/** One decision: how it stands, what is asked of whom until when, what came of it, and what may be done. */
export function Item({ d, onAsk, onAccept, carry, own, settled, children }: { d: Decision; onAsk: (a: Ask) => void; onAccept: (d: Decision) => void; carry?: boolean; own?: boolean; settled?: boolean; children?: ReactNode }) {
  const { m } = useI18n()
  const { today, unit } = useMe()
  const runs = d.state === 'open' || d.state === 'reported'
  const may = d.may.settle
  const button = (kind: Ask['kind'], text: string, quiet = true) => (
    <button type="button" className={quiet ? 'btn slim quiet' : 'btn slim'} onClick={() => onAsk({ kind, d })}>
      {text}
    </button>
  )
  return (
    <li id={d.id} className={runs ? 'dis-item' : 'dis-item shut'}>
      <div className="dis-mark">
        <DecisionState d={d} />
        <span className="small faint nowrap">{m.dis.due({ d: shortDay(d.deadline, today) })}</span>
      </div>
      <div className="grow">
        <p className="strong">{d.words}</p>
        <p className="small muted">
          {[d.unit.name, d.person_name, d.carried_on ? m.dis.carriedOn : '', d.done && d.state === 'done' ? m.dis.doneOn({ d: shortDay(d.done, today) }) : '', d.state === 'done' && d.late > 0 ? m.dis.wasLate({ n: d.late }) : '']
            .filter(Boolean)
            .join(m.common.sep)}
          {!own && d.meeting && (
            <>
              {m.common.sep}
              <Link to="/meetings/$id" params={{ id: d.meeting }} search={{}}>
                {d.title}
              </Link>
            </>
          )}
        </p>
        {(d.outcome || d.proof.length > 0) && d.state !== 'dropped' && (
          <p className="dis-note">
            <span className="faint">{m.dis.outcome + m.common.colon}</span>
            {d.outcome}
            {d.proof.map(f => (
              <a key={f.sha} href={url(`/blobs/${f.sha}`, { size: 'original' })} target="_blank" rel="noreferrer">
                <Icon name={f.mime.startsWith('image/') ? 'camera' : 'doc'} />
                {f.name}
              </a>
            ))}
          </p>
        )}
        {d.reason && (
          <p className="dis-note dif">
            <span className="faint">{m.dis.because + m.common.colon}</span>
            {d.reason}
          </p>
        )}
        {d.behind && <p className="small faint">{m.dis.behind}</p>}
        {children}
      </div>
      <div className="row wrap noprint dis-acts">
        {d.may.accept && (
          <button type="button" className="btn slim primary" onClick={() => onAccept(d)}>
            {m.dis.accept}
          </button>
        )}
        {may && d.state === 'reported' && button('return', m.dis.giveBack, false)}
        {d.may.report && button('report', m.dis.report, d.unit.id !== unit.id)}
        {may && runs && carry && button('carry', m.dis.carry, false)}
        {may && d.state === 'open' && button('amend', m.dis.amend)}
        {may && runs && button('drop', m.dis.drop)}
        {may && settled && (d.state === 'done' || d.state === 'dropped') && button('reopen', m.dis.reopen)}
      </div>
    </li>
  )
}

/** A document with how far it is. */
export function PaperLink({ p }: { p: Paper }) {
  const { m } = useI18n()
  const { today } = useMe()
  return (
    <span className="dis-paper">
      <Link to="/documents/$id" params={{ id: p.id }} search={{}}>
        <Icon name="doc" />
        {p.title}
      </Link>
      <span className="row wrap small">
        <DocumentStatus state={p.state as DocumentState} />
        <span className="faint">{[p.number, p.issued && m.dis.issuedOn({ d: shortDay(p.issued, today) })].filter(Boolean).join(m.common.sep)}</span>
      </span>
    </span>
  )
}
