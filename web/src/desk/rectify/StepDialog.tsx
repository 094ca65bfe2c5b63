import { useState } from 'react'
import { ProblemError } from '../../api/errors'
import { DayInput } from '../ui/DayInput'
import { Dialog } from '../ui/Dialog'
import { FieldBox, SelectField, TextArea, TextField } from '../ui/Field'
import { UnitSelect } from '../ui/Scope'
import { TakePhotos } from '../ui/TakePhotos'
import { useProblemText } from '../ui/States'
import { useRun } from '../ui/useRun'
import { endOf, useStep, type Said } from './parts'
import type { View } from './types'
import { useI18n } from './texts'

/** Steps that need words. */
const REASON = ['ask', 'refuse', 'object', 'uphold', 'dismiss', 'back', 'reopen', 'again', 'readdress', 'revoke']

/** One step of a case with what it needs to be complete. */
export function StepDialog({ v, step, onClose }: { v: View; step: string; onClose: () => void }) {
  const { m, l } = useI18n()
  const take = useStep(v)
  const problem = useProblemText()
  const { busy, error, setError, run } = useRun()
  const [words, setWords] = useState('')
  const [photos, setPhotos] = useState<string[]>([])
  const [day, setDay] = useState('')
  const [result, setResult] = useState({ no: '', decision: 'fined', amount: '', day: '' })
  const [needDay, setNeedDay] = useState(false)
  const [party, setParty] = useState<number | undefined>(v.party?.id)
  // The instrument that was drafted stands first; lighter ones are not offered.
  const heavier = v.instruments.filter(i => step === 'issue' || !v.next || i.rank >= v.next.rank)
  const [instrument, setInstrument] = useState(step === 'escalate' ? (v.next?.key ?? heavier[0]?.key ?? '') : (heavier[0]?.key ?? ''))
  const chooses = step === 'issue' || step === 'escalate'
  const go = () => {
    if (REASON.includes(step) && words.trim().length < 2) return setError(m.cases.whyWords)
    const said: Said = { words: words.trim(), photos }
    if (chooses) said.instrument = instrument
    if (step === 'readdress' || (step === 'issue' && party)) said.party = party!
    if (day) said.day = day
    if (step === 'result') said.result = { no: result.no.trim(), decision: result.decision as 'fined', amount: result.decision === 'fined' ? Number(result.amount.replace(/[,\s]/g, '')) || 0 : 0, day: result.day }
    void run(async op => {
      try {
        await take(step, said, op)
        onClose()
      } catch (e) {
        if (e instanceof ProblemError && e.problem.errors?.some(x => x.pointer === '/day')) setNeedDay(true)
        throw e instanceof ProblemError ? new Error([problem(e), ...(e.problem.errors ?? []).map(x => x.detail)].filter((x, i, all) => all.indexOf(x) === i).join(m.common.sep)) : e
      }
    })
  }
  const dayField = (label: string, hint: string) => (
    <FieldBox label={label} hint={hint}>
      {a => <DayInput id={a.id} value={day} onChange={setDay} invalid={a.invalid} describedby={a.describedby} />}
    </FieldBox>
  )
  return (
    <Dialog title={m.cases.act[step]!} onClose={onClose} onSubmit={go} submit={m.cases.act[step]!} busy={busy} danger={['revoke', 'transfer', 'uphold'].includes(step)} error={error}>
      <p className="muted">{`${v.no} ${l(v.title)}`}</p>
      {chooses && <SelectField label={step === 'escalate' ? m.cases.escalateTo : m.cases.instrument} value={instrument} onChange={setInstrument} options={heavier.map(i => ({ value: i.key, label: l(i.title) }))} />}
      {(step === 'readdress' || step === 'issue') && (
        <FieldBox label={m.cases.party} hint={v.party ? v.party.name : m.cases.noParty}>
          {a => <UnitSelect id={a.id} label={m.cases.party} value={party} onChange={setParty} invalid={a.invalid} describedby={a.describedby} />}
        </FieldBox>
      )}
      {step === 'result' && (
        <>
          <SelectField label={m.cases.resultDecision} value={result.decision} onChange={decision => setResult(r => ({ ...r, decision }))} options={Object.entries(m.cases.decisions).map(([value, label]) => ({ value, label }))} />
          <TextField label={m.cases.resultNo} value={result.no} onChange={no => setResult(r => ({ ...r, no }))} />
          {result.decision === 'fined' && <TextField label={m.cases.resultAmount} value={result.amount} onChange={amount => setResult(r => ({ ...r, amount }))} />}
          <FieldBox label={m.cases.resultDay}>{a => <DayInput id={a.id} value={result.day} onChange={d => setResult(r => ({ ...r, day: d }))} invalid={a.invalid} describedby={a.describedby} />}</FieldBox>
        </>
      )}
      {step === 'ask' && v.party_due && dayField(m.cases.askUntil, v.extend_most ? m.cases.askMost({ t: v.extend_most }) : endOf(v.party_due))}
      {needDay && step !== 'ask' && dayField(m.cases.lastDay, m.cases.lastDayHint)}
      {(step === 'fail' || step === 'again') && (
        <div className="case-chips">
          {m.cases.quick.map(q => (
            <button key={q} type="button" className="tap" aria-pressed={words.includes(q)} onClick={() => setWords(w => (w ? `${w}${m.common.sep}${q}` : q))}>
              {q}
            </button>
          ))}
        </div>
      )}
      <TextArea label={REASON.includes(step) ? m.cases.reason : m.cases.words} optional={REASON.includes(step) ? '' : m.common.optional} value={words} onChange={setWords} maxLength={500} autoFocus={REASON.includes(step)} />
      {['fail', 'pass', 'stands', 'again', 'object', 'reply'].includes(step) && <TakePhotos value={photos} onChange={setPhotos} label={m.cases.photos} />}
    </Dialog>
  )
}
