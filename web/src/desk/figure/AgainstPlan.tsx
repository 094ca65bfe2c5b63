import { Link } from '@tanstack/react-router'
import type { Target as FigureTarget } from '../../api/answers'
import { fixed, longDay, periodName, unitWord } from '../../shared/format'
import { TargetBar, TargetState } from '../ui/Target'
import type { FigurePage } from './types'
import { useI18n } from './texts'

/** The figure beside its target: of the year, by the day, and what is missing. */
export function AgainstPlan({ page: p }: { page: FigurePage }) {
  const { m } = useI18n()
  const plan = p.plan
  if (!plan?.usable) return null
  return (
    <section className="figure-plan" aria-labelledby="fgp-plan">
      <header>
        <h2 id="fgp-plan">{m.figures.plan}</h2>
        <span className="grow" />
        {plan.may_edit && plan.year > 0 && plan.targets.length === 0 && (
          <Link to="/plan" search={{ unit: p.unit.id, period: String(plan.year), target: p.key }}>
            {m.figures.planSet}
          </Link>
        )}
        <Link to="/plan" search={{ unit: p.unit.id, ...(plan.year ? { period: String(plan.year) } : {}) }}>
          {m.figures.planOpen}
        </Link>
      </header>
      {plan.targets.length === 0 && <p className="muted">{plan.year ? m.figures.planNone({ unit: p.unit.name, y: plan.year }) : m.figures.planYears}</p>}
      {plan.targets.map(t => (
        <Target key={t.id} t={t} page={p} />
      ))}
    </section>
  )
}

function Target({ t, page: p }: { t: FigureTarget; page: FigurePage }) {
  const { m, l, lang } = useI18n()
  const word = (v: string) => [v, unitWord(l(p.unit_of), v, lang)].filter(Boolean).join(lang === 'en' ? ' ' : '\u2005')
  const share = `${fixed(t.permille, 1, lang)}%`
  const month = Number(t.day.slice(5, 7)) - (lastOfMonth(t.day) ? 0 : 1)
  const day = lang === 'en' ? longDay(t.day, lang).replace(/ \d{4}$/, '') : longDay(t.day, lang).replace(/^\d+\u5e74/, '')
  const expected = t.stepped ? (month < 1 ? m.figures.planNoStep : m.figures.planStep({ m: month, v: word(t.expected_display) })) : m.figures.planPace({ v: word(t.expected_display) })
  const against = t.ahead === 0 ? m.figures.planOn : t.ahead > 0 ? m.figures.planAhead({ v: word(t.ahead_display) }) : m.figures.planBehind({ v: word(t.ahead_display) })
  const left = t.left === 0 ? '' : t.left > 0 ? (t.at_most ? m.figures.planRoom({ v: word(t.left_display) }) : m.figures.planLeft({ v: word(t.left_display) })) : m.figures.planOver({ v: word(t.left_display) })
  return (
    <div className="figure-target" data-testid="target">
      <p className="row wrap">
        <span className="muted">{(t.at_most ? m.figures.planMost : m.figures.planYear)({ y: t.year })}</span>
        <b className="figure-goal" data-testid="target-value">
          {word(t.display)}
        </b>
        <TargetState state={t.state} />
        {t.from.id !== p.unit.id && <span className="faint small">{m.figures.planFrom({ unit: t.from.name })}</span>}
      </p>
      <TargetBar t={t} />
      <p className="row wrap figure-facts">
        <span>{(p.flow ? m.figures.planNow : m.figures.planNowAt)({ day, v: word(t.now_display) })}</span>
        {t.value > 0 && <b data-testid="target-share">{(t.at_most ? m.figures.planUsed : m.figures.planShare)({ v: share })}</b>}
        {left && <b data-testid="target-left">{left}</b>}
      </p>
      {!t.at_most && (
        <p className="muted row wrap figure-facts" data-testid="target-step">
          {expected}
          {(t.expected > 0 || t.now > 0) && <b>{against}</b>}
        </p>
      )}
      {t.part && <p className="muted">{m.figures.planPart({ period: periodName(p.period, lang), want: word(t.part.want_display), got: word(t.part.got_display) })}</p>}
    </div>
  )
}

function lastOfMonth(day: string) {
  const next = new Date(`${day}T00:00:00Z`)
  next.setUTCDate(next.getUTCDate() + 1)
  return next.getUTCDate() === 1
}
