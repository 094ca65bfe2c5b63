import { useState } from 'react'
import { useI18n } from '../../shared/i18n'
import { Icon } from './Icon'
import { blob } from './Photos'
import { useProblemText } from './States'
import { toast } from './Toast'
import { upload } from './upload'

/** Photos taken on the spot or chosen from the gallery: each is sent at once and shown with a way to take it back. */
export function TakePhotos({ value, onChange, label, hint, max = 9 }: { value: string[]; onChange: (next: (was: string[]) => string[]) => void; label: string; hint?: string; max?: number }) {
  const { m } = useI18n()
  const problem = useProblemText()
  const [busy, setBusy] = useState(0)
  const add = async (files: FileList | null) => {
    for (const file of [...(files ?? [])].slice(0, max - value.length)) {
      setBusy(n => n + 1)
      try {
        const done = await upload(file)
        onChange(was => (was.includes(done.sha) ? was : [...was, done.sha]))
      } catch (e) {
        toast.bad(problem(e))
      }
      setBusy(n => n - 1)
    }
  }
  return (
    <div className="take">
      {value.map((sha, i) => (
        <span key={sha} className="photo">
          <img src={blob(sha, 'thumb')} alt={m.entry.photoN({ a: i + 1, b: value.length })} />
          <button type="button" className="btn icon slim" aria-label={m.common.remove} onClick={() => onChange(was => was.filter(x => x !== sha))}>
            <Icon name="close" />
          </button>
        </span>
      ))}
      {value.length < max && (
        <label className="take-add">
          <input type="file" className="unseen" accept="image/*" multiple disabled={busy > 0} onChange={e => void add(e.target.files).then(() => (e.target.value = ''))} />
          <Icon name="camera" />
          <span>{busy > 0 ? m.form.sending : label}</span>
          {hint && <small className="muted">{hint}</small>}
        </label>
      )}
    </div>
  )
}
