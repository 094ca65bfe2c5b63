import { Link } from '@tanstack/react-router'
import type { Bench, Target } from '../../api/answers'
import { addDays, fixed, periodName, periodSpan, unitWord } from '../../shared/format'
import { Figure, Spark, useChange } from '../ui/Figure'
import { Icon } from '../ui/Icon'
import { TargetBar, TargetState } from '../ui/Target'
import { useMe, useScope } from '../ui/hooks'
import { useI18n } from './texts'

export function BenchFigures({ bench: b }: { bench: Bench }) {
  const { m, lang } = useI18n()
  const { unitName, period } = useScope()
  return (
    <section className="mets">
      <header>
        <h2>{m.bench.figures({ unit: unitName, period: periodName(period, lang) })}</h2>
        {b.may_plan && (
          <Link className="small" to="/plan" search={{}}>
            {m.figures.planOpen}
          </Link>
        )}
      </header>
      {b.figures.length === 0 ? <p className="faint gap-2">{m.bench.noFigures}</p> : <Figures b={b} />}
    </section>
  )
}

function Figures({ b }: { b: Bench }) {
  const { m, l, lang } = useI18n()
  const me = useMe()
  const change = useChange()
  const { period } = useScope()
  const planned = b.may_plan || b.figures.some(f => f.target)
  // The last month is marked while it runs; on its last day it is as whole as the panel shows it.
  const [from, end] = periodSpan(period)
  const running = from <= me.today && me.today < end && addDays(me.today, 1).slice(0, 7) === me.today.slice(0, 7)
  return (
    <table>
      <thead>
        <tr>
          <th>{m.bench.indicator}</th>
          <th className="num">{m.bench.value}</th>
          {planned && <th className="target-cell">{m.bench.plan}</th>}
          <th className="num change-cell">{m.bench.before}</th>
          <th className="spark-cell">{m.bench.byMonth}</th>
        </tr>
      </thead>
      <tbody>
        {b.figures.map(f => {
          const ratio = f.part !== null && f.of !== null && (f.measure === 'ratio' || f.measure === 'coverage')
          return (
            <tr key={f.key}>
              <td>
                <Figure figure={f}>{l(f.title)}</Figure>
                <Link className="go" to="/figures/$key" params={{ key: f.key }} search={{ unit: f.unit.id, period: f.period }} aria-label={`${m.figures.title} ${l(f.title)}`}>
                  <Icon name="right" />
                </Link>
              </td>
              <td className="num">
                <b>{f.undefined ? m.figure.undefined : f.display}</b> <span className="faint">{unitWord(l(f.unit_of), f.display, lang)}</span>
                {ratio && (
                  <>
                    <br />
                    <span className="faint small">
                      {fixed(f.part!, 0, lang)} / {fixed(f.of!, 0, lang)}
                    </span>
                  </>
                )}
              </td>
              {planned && (
                <td className="target-cell">
                  {f.target ? (
                    <BenchTarget f={f} t={f.target} />
                  ) : (
                    b.may_plan &&
                    hasTarget(f.measure) && (
                      <Link className="small" to="/plan" search={{ unit: f.unit.id, period: period.slice(0, 4), target: f.key }}>
                        {m.bench.noTarget}
                        <span className="unseen"> {l(f.title)}</span>
                      </Link>
                    )
                  )}
                </td>
              )}
              <td className="num change-cell">
                {f.before ? (
                  <>
                    <span className="only-phone faint">{m.bench.before} </span>
                    {f.before.display} <span className="faint">{unitWord(l(f.unit_of), f.before.display, lang)}</span>
                    <br />
                    <span className="faint small changed">{change(f.before, f)}</span>
                  </>
                ) : (
                  <span className="faint">{m.figure.noneBefore}</span>
                )}
              </td>
              <td className="spark-cell">
                {f.months.length > 1 && <Spark values={f.months.map(x => x.value ?? 0)} partialLast={running} label={m.figure.monthLabel({ title: l(f.title) })} />}
              </td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

/** Ratios, means and formulas have no target. */
const hasTarget = (measure: string) => !['ratio', 'mean', 'formula'].includes(measure)

/** What the plan wants of a figure, how much of it is there, and the bar of it. */
function BenchTarget({ f, t }: { f: Bench['figures'][number]; t: Target }) {
  const { m, l, lang } = useI18n()
  const goal = (t.at_most ? m.plan.most : m.plan.goal)({ v: t.display })
  return (
    <div className="bench-target" data-testid="bench-target">
      <p>
        {goal} <span className="faint">{unitWord(l(f.unit_of), t.display, lang)}</span>
        <b>{t.value > 0 ? `${fixed(t.permille, 1, lang)}%` : t.now_display}</b>
      </p>
      <TargetBar t={t} />
      <TargetState state={t.state} />
    </div>
  )
}
