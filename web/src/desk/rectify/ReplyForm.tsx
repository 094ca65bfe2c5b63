import { useState } from 'react'
import { ErrorBox, TextArea } from '../ui/Field'
import { TakePhotos } from '../ui/TakePhotos'
import { useRun } from '../ui/useRun'
import { useStep } from './parts'
import type { View } from './types'
import { useI18n } from './texts'

/** What the party says it did: tap, photo, a few words. */
export function ReplyForm({ v }: { v: View }) {
  const { m, l } = useI18n()
  const step = useStep(v)
  const { busy, error, run } = useRun()
  const [fixes, setFixes] = useState<string[]>([])
  const [photos, setPhotos] = useState<string[]>([])
  const [words, setWords] = useState('')
  return (
    <form
      className="case-reply"
      noValidate
      onSubmit={e => {
        e.preventDefault()
        if (!busy) void run(op => step('reply', { fixes, photos, words: words.trim() }, op))
      }}
    >
      <h2>{m.cases.reply}</h2>
      {error && <ErrorBox>{error}</ErrorBox>}
      <TakePhotos value={photos} onChange={setPhotos} label={m.cases.takeAfter} hint={m.cases.samePlace} />
      {v.fixes.length > 0 && (
        <fieldset className="case-chips">
          <legend>{m.cases.whatDone}</legend>
          {v.fixes.map(f => (
            <button key={f.key} type="button" className="tap" aria-pressed={fixes.includes(f.key)} onClick={() => setFixes(was => (was.includes(f.key) ? was.filter(x => x !== f.key) : [...was, f.key]))}>
              {l(f.title)}
            </button>
          ))}
        </fieldset>
      )}
      <TextArea label={m.cases.wordsOptional} value={words} onChange={setWords} rows={2} maxLength={500} />
      <button type="submit" className="btn primary big-btn" disabled={busy}>
        {m.cases.act.reply}
      </button>
    </form>
  )
}
