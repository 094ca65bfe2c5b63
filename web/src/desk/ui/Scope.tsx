import { useMemo, useState, type ReactNode } from 'react'
import type { Unit } from '../../api/answers'
import { isPeriod, periodName, place, typeFits } from '../../shared/format'
import { useI18n } from '../../shared/i18n'
import { Combo, type Option } from './Combo'
import { Icon } from './Icon'
import { Pop } from './Pop'
import { useIsPhone, useMe, useScope, useUnits } from './hooks'

const unitOption = (u: Unit): Option => ({ value: String(u.id), label: place(u), search: `${u.path} ${u.code ?? ''} ${u.initials}` })
export const unitOptions = (units: Unit[] | undefined): Option[] => (units ?? []).map(unitOption)

export function UnitPicker() {
  const { m } = useI18n()
  const { unit, unitName, set } = useScope()
  const { data } = useUnits()
  const options = useMemo(() => unitOptions(data), [data])
  return (
    <Combo
      label={m.scope.unit({ name: unitName })}
      className="pick-one"
      value={String(unit)}
      options={options}
      onChange={v => v && set({ unit: Number(v), page: undefined, open: undefined, n: undefined, fig: undefined })}
      button={
        <>
          <span className="cut">{unitName || m.scope.pickUnit}</span>
          <Icon name="down" />
        </>
      }
    />
  )
}

/** A unit in a form. Only units of the given types, or all in reach. */
export function UnitSelect({
  id,
  label,
  value,
  onChange,
  types,
  invalid,
  describedby,
  exclude,
  disabled,
  day,
}: {
  id?: string
  label: string
  value: number | undefined
  onChange: (id: number | undefined) => void
  types?: string[] | undefined
  invalid?: boolean
  describedby?: string | undefined
  exclude?: number
  disabled?: boolean
  /** The day that is spoken of: units that were closed since are offered too. */
  day?: string
}) {
  const { m } = useI18n()
  const { data } = useUnits(day)
  const { today } = useMe()
  const options = useMemo(
    () =>
      (data ?? [])
        .filter(u => u.id !== exclude && (u.until === null || u.id === value || (!!day && u.until >= day)) && typeFits(types, u.type))
        .map(u => ({ ...unitOption(u), ...(u.until !== null && u.until < today ? { label: m.scope.closed({ unit: place(u), d: u.until }) } : {}) })),
    [data, types, exclude, value, day, today, m],
  )
  return (
    <Combo
      {...(id ? { id } : {})}
      label={label}
      value={value === undefined ? undefined : String(value)}
      options={options}
      onChange={v => onChange(v ? Number(v) : undefined)}
      invalid={invalid ?? false}
      describedby={describedby}
      disabled={disabled ?? false}
    />
  )
}

export function PeriodPicker() {
  const { m, lang } = useI18n()
  const me = useMe()
  const { period, set } = useScope()
  return (
    <PeriodPop
      label={m.scope.period({ name: periodName(period, lang) })}
      className="pick-one"
      right
      value={period}
      today={me.today}
      onPick={p => set({ period: p, page: undefined, open: undefined })}
    >
      <span className="cut">{periodName(period, lang)}</span>
    </PeriodPop>
  )
}

type PopProps = { value: string; today: string; onPick: (p: string) => void; label?: string; className: string; right?: boolean; children: ReactNode }

/** A button that opens the periods to choose from and closes them with the choice. */
export function PeriodPop({ value, today, onPick, children, ...pop }: PopProps) {
  return (
    <Pop
      {...pop}
      popClass="pop per"
      button={
        <>
          {children}
          <Icon name="down" />
        </>
      }
    >
      {close => (
        <PeriodGrid
          value={value}
          today={today}
          onPick={p => {
            onPick(p)
            close()
          }}
        />
      )}
    </Pop>
  )
}

/** The header of a phone has no room for unit and period: they stand at the head of the page. */
export function PhoneScope({ unit = true, period = true }: { unit?: boolean; period?: boolean }) {
  if (!useIsPhone()) return null
  return (
    <div className="phone-scope">
      <div className="scope" style={{ display: 'flex' }}>
        {unit && <UnitPicker />}
        {period && <PeriodPicker />}
      </div>
    </div>
  )
}

export function PeriodGrid({ value, today, onPick }: { value: string; today: string; onPick: (p: string) => void }) {
  const { m, lang } = useI18n()
  const thisYear = Number(today.slice(0, 4))
  const [year, setYear] = useState(isPeriod(value) ? Number(value.slice(0, 4)) : thisYear)
  const button = (p: string, text: string, from: string) => (
    <button
      key={p}
      type="button"
      aria-pressed={p === value}
      disabled={from > today}
      className={p.length === 4 ? 'whole' : ''}
      data-autofocus={p === value || undefined}
      onClick={() => onPick(p)}
    >
      {text}
    </button>
  )
  const pad = (n: number) => String(n).padStart(2, '0')
  return (
    <div role="group" aria-label={m.scope.pickPeriod}>
      <div className="year">
        <button type="button" className="btn icon slim" aria-label={m.scope.lastYear} onClick={() => setYear(year - 1)}>
          <Icon name="left" />
        </button>
        <b>{periodName(String(year), lang)}</b>
        <button type="button" className="btn icon slim" aria-label={m.scope.nextYear} disabled={year >= thisYear} onClick={() => setYear(year + 1)}>
          <Icon name="right" />
        </button>
      </div>
      <div className="grid">{button(String(year), m.scope.whole, `${year}-01-01`)}</div>
      <div className="grid">{[1, 2, 3, 4].map(q => button(`${year}-Q${q}`, m.scope.quarters[q - 1]!, `${year}-${pad(q * 3 - 2)}-01`))}</div>
      <div className="grid">
        {Array.from({ length: 12 }, (_, i) => button(`${year}-${pad(i + 1)}`, m.scope.monthOf({ m: i + 1 }), `${year}-${pad(i + 1)}-01`))}
      </div>
    </div>
  )
}
