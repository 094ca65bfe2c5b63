import { useEffect, useId, useRef, useState } from 'react'
import { parseFixed } from '../../shared/format'
import { Icon } from '../ui/Icon'
import { pasted, spreadEvenly, sumUp } from './steps'
import { useI18n } from './texts'

type Props = {
  cells: string[]
  onChange: (cells: string[]) => void
  value: string
  onValue: (v: string) => void
  decimals: number
  adds: boolean // the figure's months add up to its year
  bad: number // the month that is wrong; 0 for none
  error: string | undefined
}

/** Twelve cells: typed, pasted as a row, or spread over the year. */
export function Months({ cells, onChange, value, onValue, decimals, adds, bad, error }: Props) {
  const { m } = useI18n()
  const id = useId()
  const box = useRef<HTMLDivElement>(null)
  const [said, setSaid] = useState('')
  useEffect(() => {
    if (bad > 0) box.current?.querySelectorAll('input')[bad - 1]?.focus()
  }, [bad, error])
  const year = parseFixed(value.trim(), decimals)
  const totals = adds && cells.every(c => c.trim()) ? sumUp(cells, decimals) : null
  const take = (list: string[], from: number) => {
    if (list.length !== 12 && from + list.length > 12) return setSaid(m.plan.pasteCount({ n: list.length }))
    setSaid('')
    const start = list.length === 12 ? 0 : from
    const next = cells.map((c, i) => list[i - start] ?? c)
    onChange(next)
    if (value.trim() === '' && next[11]) onValue(next[11])
  }
  const fault = error ?? said
  return (
    <fieldset className="plan-months" aria-describedby={fault ? `${id}-e` : `${id}-h`}>
      <legend>{m.plan.monthsOf}</legend>
      <p className="small faint" id={`${id}-h`}>
        {m.plan.monthsHint}
      </p>
      <div className="plan-months-cells" ref={box}>
        {cells.map((c, i) => (
          <label key={i}>
            <span className="small muted">{m.plan.month({ n: i + 1 })}</span>
            <input
              className={bad === i + 1 && error ? 'input bad' : 'input'}
              aria-label={m.plan.monthCell({ n: i + 1 })}
              aria-invalid={(bad === i + 1 && !!error) || undefined}
              aria-describedby={bad === i + 1 && error ? `${id}-e` : undefined}
              inputMode="decimal"
              autoComplete="off"
              value={c}
              onChange={e => onChange(cells.map((x, k) => (k === i ? e.target.value : x)))}
              onPaste={e => {
                const list = pasted(e.clipboardData.getData('text'))
                if (list.length < 2) return
                e.preventDefault()
                take(list, i)
              }}
            />
          </label>
        ))}
      </div>
      {fault && (
        <p className="err" id={`${id}-e`} role="alert">
          <Icon name="warn" />
          {fault}
        </p>
      )}
      <p className="row wrap gap-2">
        <button type="button" className="btn slim" disabled={year === null || year < 0} onClick={() => onChange(spreadEvenly(year!, decimals))}>
          {m.plan.spread}
        </button>
        {totals && (
          <button
            type="button"
            className="btn slim"
            onClick={() => {
              onChange(totals)
              onValue(totals[11]!)
            }}
          >
            {m.plan.sumUp}
          </button>
        )}
      </p>
    </fieldset>
  )
}
