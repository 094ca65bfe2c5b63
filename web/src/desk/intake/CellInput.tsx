import { useState } from 'react'
import { useI18n } from './texts'
import { type View, type Line, type Mend } from './types'

export function CellOf({ line, i, column, mend, busy }: { line: Line; i: number; column: View['columns'][number]; mend: (x: Mend) => void; busy: boolean }) {
  const { m } = useI18n()
  const faults = line.faults?.filter(f => f.column === i) ?? []
  const have = line.cells?.[i] ?? ''
  const [text, setText] = useState<string | null>(null)
  const [was, setWas] = useState(have)
  if (was !== have) {
    setWas(have)
    setText(null)
  }
  const bad = faults.length > 0
  const label = m.batch.cell({ row: line.line, column: column.title })
  const done = (t: string | null) => {
    if (t !== null && t !== have) mend({ line: line.line, column: i, text: t })
    else setText(null)
  }
  if (line.state === 'kept' || line.state === 'same') return <span>{have}</span>
  const options = column.options ?? []
  const cure = faults.find(f => f.suggestion && f.suggestion !== have)?.suggestion
  return (
    <div className={bad ? 'cell bad' : 'cell'}>
      {bad || text !== null ? (
        options.length > 0 ? (
          <select className="input" aria-label={label} aria-invalid={bad} value={options.includes(text ?? have) ? (text ?? have) : ''} disabled={busy} onChange={e => done(e.target.value)}>
            {!options.includes(text ?? have) && <option value="">{have || '—'}</option>}
            {options.map(o => (
              <option key={o}>{o}</option>
            ))}
          </select>
        ) : (
          <input
            className="input"
            aria-label={label}
            aria-invalid={bad}
            autoFocus={text !== null && !bad}
            value={text ?? have}
            onChange={e => setText(e.target.value)}
            onBlur={() => done(text)}
            onKeyDown={e => {
              if (e.nativeEvent.isComposing) return
              if (e.key === 'Enter') e.currentTarget.blur()
              if (e.key === 'Escape') setText(null)
            }}
          />
        )
      ) : (
        <button type="button" className="edit" aria-label={`${label}${m.common.colon}${have}`} onClick={() => setText(have)}>
          {have || ' '}
        </button>
      )}
      {faults.map(f => (
        <p key={f.message} className="say">
          {f.message}
        </p>
      ))}
      {cure && (
        <div className="cures">
          <button type="button" className="btn slim" disabled={busy} onClick={() => mend({ line: line.line, column: i, text: cure })}>
            {m.batch.use({ s: cure })}
          </button>
          {line.alike > 1 && line.faults?.[0]?.column === i && (
            <button type="button" className="link small" disabled={busy} onClick={() => mend({ column: i, was: have, text: cure })}>
              {m.batch.useAll({ n: line.alike })}
            </button>
          )}
        </div>
      )}
    </div>
  )
}
