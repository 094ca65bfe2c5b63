import { useI18n } from './texts'
import { type View } from './types'

/** What is told of a file and holds nothing up: what was converted, what was not read, and the sheets to choose from. */
export function Told({ view: v, choose, busy }: { view: View; choose: ((sheets: string[]) => void) | undefined; busy: boolean }) {
  const { m } = useI18n()
  const others = v.sheets.filter(s => !s.read && s.rows > 0)
  if (!v.tells.length && !others.length) return null
  const read = v.sheets.filter(s => s.read).map(s => s.name)
  return (
    <section className="intake-told" aria-label={m.batch.told}>
      <ul>
        {v.tells.map(t => (
          <li key={t}>{t}</li>
        ))}
      </ul>
      {choose && others.length > 0 && (
        <div className="sheets">
          {others.map(s => (
            <button key={s.name} type="button" className="btn slim" disabled={busy} onClick={() => choose(s.same ? [...read, s.name] : [s.name])}>
              {s.same ? m.batch.sheetToo({ name: s.name, n: s.rows }) : m.batch.sheetInstead({ name: s.name, n: s.rows })}
            </button>
          ))}
          {read.length > 1 &&
            read.map(name => (
              <button key={name} type="button" className="btn slim" disabled={busy} onClick={() => choose(read.filter(x => x !== name))}>
                {m.batch.sheetNot({ name })}
              </button>
            ))}
        </div>
      )}
    </section>
  )
}
