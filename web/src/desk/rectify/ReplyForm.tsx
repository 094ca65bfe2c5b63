import { useState } from 'react'
import { tableTime } from '../../shared/format'
import { ErrorBox, TextArea } from '../ui/Field'
import { Icon } from '../ui/Icon'
import { blob } from '../ui/Photos'
import { TakePhotos } from '../ui/TakePhotos'
import { useRun } from '../ui/useRun'
import { useStep } from './parts'
import type { View } from './types'
import { useI18n } from './texts'

/** What the party says it did: the photo from before at the left, its own at the right from the same spot, taps, a few words. */
export function ReplyForm({ v, beside }: { v: View; beside: { key: string; go: () => void }[] }) {
  const { m, l } = useI18n()
  const step = useStep(v)
  const { busy, error, setError, run } = useRun()
  const [fixes, setFixes] = useState<string[]>([])
  const [photos, setPhotos] = useState<string[]>([])
  const [words, setWords] = useState('')
  const shown = [...v.events].reverse().find(e => e.op !== 'reply' && e.photos.length > 0)
  const before = shown?.photos[0]
  // A photo that this case has already shows nothing new: a new one, or a word of why.
  const known = new Set(v.events.flatMap(e => e.photos))
  const again = photos.some(p => known.has(p))
  return (
    <form
      className="case-reply"
      noValidate
      onSubmit={e => {
        e.preventDefault()
        if (busy) return
        if (again && words.trim().length < 2) return setError(m.cases.photoAgain)
        void run(op => step('reply', { fixes, photos, words: words.trim() }, op))
      }}
    >
      <h2>{m.cases.reply}</h2>
      {error && <ErrorBox>{error}</ErrorBox>}
      <div className="case-pair reply-pair">
        <figure>
          {before ? (
            <a className="photo" href={blob(before, 'original')} target="_blank" rel="noreferrer">
              <img src={blob(before, 'view')} alt={m.cases.before} />
            </a>
          ) : (
            <div className="photo none">{m.cases.noBefore}</div>
          )}
          <figcaption>
            <span className="tag case-before">{m.cases.before}</span> <span className="muted small">{shown ? tableTime(shown.at).slice(5) : ''}</span>
          </figcaption>
        </figure>
        <div className="reply-take">
          <TakePhotos value={photos} onChange={setPhotos} label={m.cases.takeAfter} hint={m.cases.samePlace} />
          <p>
            <span className="tag case-after">{m.cases.after}</span> <span className="muted small">{m.cases.fromGallery}</span>
          </p>
        </div>
      </div>
      {again && (
        <p className="hint case-hint late" role="status">
          {m.cases.photoAgain}
        </p>
      )}
      {v.fixes.length > 0 && (
        <fieldset className="case-chips">
          <legend>{m.cases.whatDone}</legend>
          {v.fixes.map(f => (
            <button key={f.key} type="button" className="tap" aria-pressed={fixes.includes(f.key)} onClick={() => setFixes(was => (was.includes(f.key) ? was.filter(x => x !== f.key) : [...was, f.key]))}>
              {fixes.includes(f.key) && <Icon name="check" />}
              {l(f.title)}
            </button>
          ))}
        </fieldset>
      )}
      <TextArea label={m.cases.wordsOptional} value={words} onChange={setWords} rows={2} maxLength={500} />
      {v.next && <p className="muted small">{m.cases.ifNext({ t: l(v.next.title) })}</p>}
      <div className="reply-bar noprint">
        {beside.map(b => (
          <button key={b.key} type="button" className="btn" disabled={busy} onClick={b.go}>
            {m.cases.act[b.key]}
          </button>
        ))}
        <button type="submit" className="btn primary big-btn" disabled={busy}>
          {m.cases.act.reply}
        </button>
      </div>
    </form>
  )
}
