import { useQueryClient } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { send } from '../../api/client'
import { shortTime } from '../../shared/format'
import { Dialog, FormDialog } from '../ui/Dialog'
import { TextArea } from '../ui/Field'
import { blob } from '../ui/Photos'
import { StatusMark, type Mark } from '../ui/StatusMark'
import { TakePhotos } from '../ui/TakePhotos'
import { toast } from '../ui/Toast'
import { useMe } from '../ui/hooks'
import { useReason } from '../ui/useReason'
import { useRun } from '../ui/useRun'
import type { Correct, Objection, UnitScore } from './types'
import { useI18n } from './texts'

const marks: Record<Objection['state'], Mark> = { open: 'wait', upheld: 'ok', partly: 'ok', rejected: 'back' }

export function ObjectionState({ state }: { state: Objection['state'] }) {
  const { m } = useI18n()
  return <StatusMark mark={marks[state]}>{m.sco.outcomes[state]}</StatusMark>
}

function useKept() {
  const { m } = useI18n()
  const client = useQueryClient()
  return async () => {
    toast(m.common.saved)
    await client.invalidateQueries({ predicate: q => ['scores', 'score-unit', 'score-run', 'bench', 'me'].includes(String(q.queryKey[0])) })
  }
}

/** What a unit objected to and what became of it; head names it where it does not stand below what it is about. */
export function ObjectionCard({ o, head, children }: { o: Objection; head?: ReactNode; children?: ReactNode }) {
  const { m, l } = useI18n()
  const me = useMe()
  return (
    <div className="sco-objection">
      <p className="row wrap gap-2">
        <ObjectionState state={o.state} />
        {head ?? <span className="muted">{m.sco.objection}</span>}
        {o.run_rev > 1 && <span className="small muted">{m.sco.rev({ n: o.run_rev })}</span>}
      </p>
      <p>{o.words}</p>
      {o.photos.length > 0 && (
        <p className="sco-photos">
          {o.photos.map((sha, i) => (
            <a key={sha} className="photo" href={blob(sha, 'view')} target="_blank" rel="noreferrer">
              <img src={blob(sha, 'thumb')} alt={m.sco.photoOf({ n: i + 1 })} loading="lazy" />
            </a>
          ))}
        </p>
      )}
      <p className="small muted">
        {o.who} <span className="nowrap">{shortTime(o.at, me.today)}</span>
      </p>
      {o.state !== 'open' && (
        <p className="sco-answer">
          <b>{m.sco.answer}</b>
          {m.common.colon}
          {o.reason}
          {o.fixes.map((f, i) => (
            <span key={i} className="sco-fix">
              {l(f.title)} → {f.value}
            </span>
          ))}{' '}
          <span className="small muted">
            {o.decider} <span className="nowrap">{shortTime(o.decided_at, me.today)}</span>
          </span>
        </p>
      )}
      {children}
    </div>
  )
}

/** A unit says what it has against an item, or against the score as a whole. */
export function ObjectDialog({ u, item, title, onClose }: { u: UnitScore; item: string; title: string; onClose: () => void }) {
  const { m } = useI18n()
  const kept = useKept()
  const words = useReason(m.sco.needWords)
  const [photos, setPhotos] = useState<string[]>([])
  const go = async (op: string) => {
    await send('post', '/scores/{id}/objections', { id: u.run.id }, { unit: u.row.unit.id, item, words: words.reason, photos }, { op })
    await kept()
    onClose()
  }
  return (
    <FormDialog title={m.sco.objectTo({ t: title })} submit={m.sco.object} onClose={onClose} check={words.check} onSubmit={go}>
      <TextArea label={m.sco.objectWords} {...words.field} rows={4} maxLength={1000} autoFocus />
      <TakePhotos value={photos} onChange={setPhotos} label={m.sco.objectPhotos} />
      <p className="muted small">{m.sco.objectHint}</p>
    </FormDialog>
  )
}

/** The office answers: what it strikes or puts right of the item's numbers, and why. */
export function DecideDialog({ o, names, onClose }: { o: Objection; names: Correct[]; onClose: () => void }) {
  const { m, l } = useI18n()
  const kept = useKept()
  const reason = useReason(m.sco.needReason)
  const { busy, error, setError, run } = useRun()
  const [outcome, setOutcome] = useState<'upheld' | 'partly' | 'rejected' | ''>('')
  const [values, setValues] = useState<Record<string, string>>({})
  const key = (c: Correct) => `${c.visit} ${c.name}`
  const fixes = names.filter(c => values[key(c)] !== undefined && values[key(c)]!.trim() !== '' && values[key(c)]!.trim() !== c.now)
  const go = () => {
    const fine = reason.check()
    if (!outcome) return setError(m.sco.needOutcome)
    if (!fine) return
    if (outcome !== 'rejected' && fixes.length === 0) return setError(m.sco.needFix)
    void run(async op => {
      const list = outcome === 'rejected' ? [] : fixes.map(c => ({ name: c.name, value: values[key(c)]!.trim(), ...(c.visit ? { visit: c.visit } : {}) }))
      await send('post', '/objections/{id}/decide', { id: o.id }, { outcome, reason: reason.reason, fixes: list }, { rev: o.rev, op })
      await kept()
      onClose()
    })
  }
  return (
    <Dialog title={m.sco.decideOn({ t: l(o.title) })} submit={m.sco.decide} onClose={onClose} onSubmit={go} busy={busy} error={error}>
      <p className="sco-quote">{o.words}</p>
      <div className="row wrap gap-2" role="group" aria-label={m.sco.outcome}>
        {(['upheld', 'partly', 'rejected'] as const).map(x => (
          <button key={x} type="button" className="tap" aria-pressed={outcome === x} onClick={() => setOutcome(x)}>
            {m.sco.outcomes[x]}
          </button>
        ))}
      </div>
      {outcome !== '' && outcome !== 'rejected' && (
        <table className="table sco-correct">
          <thead>
            <tr>
              <th>{m.sco.corrects}</th>
              <th className="num">{m.sco.now}</th>
              <th>{m.sco.instead}</th>
            </tr>
          </thead>
          <tbody>
            {names.map(c => (
              <tr key={key(c)}>
                <td>
                  {l(c.title)} {c.day && <span className="small muted nowrap">{m.sco.visitOf({ d: c.day })}</span>}
                </td>
                <td className="num">{c.now || '—'}</td>
                <td>
                  <span className="row gap-2">
                    <input className="input" inputMode="text" aria-label={m.sco.insteadOf({ t: l(c.title) })} value={values[key(c)] ?? ''} onChange={e => setValues(was => ({ ...was, [key(c)]: e.target.value }))} />
                    {c.visit && (
                      <button type="button" className="btn slim" onClick={() => setValues(was => ({ ...was, [key(c)]: '0' }))}>
                        {m.sco.strike}
                      </button>
                    )}
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {outcome !== '' && outcome !== 'rejected' && names.length === 0 && <p className="hint">{m.sco.nothingToFix}</p>}
      <TextArea label={m.sco.decideWhy} {...reason.field} rows={3} maxLength={500} />
      <p className="muted small">{outcome === 'rejected' ? m.sco.rejectedHint : m.sco.upheldHint}</p>
    </Dialog>
  )
}
