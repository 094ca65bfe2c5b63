import { useEffect, useRef, useState } from 'react'
import { allFine, answerOf, asked, begin, fine, isAnswered, visitInputs, type Said } from '../../shared/check/answers'
import { Handouts, Sections } from '../../shared/check/Sections'
import type { Form } from '../../shared/check/types'
import { uuid } from '../../shared/uuid'
import { Icon } from '../ui/Icon'
import type { Checklist, Choices } from './types'
import { useI18n } from './texts'
import '../../shared/check/check.css'

/** The checklist as an inspector's phone asks it, by the same parts; what is tapped here is a trial and goes nowhere. */
export function Phone({ c, choices, item }: { c: Checklist; choices: Choices; item?: string | undefined }) {
  const { m, l } = useI18n()
  const body = useRef<HTMLDivElement>(null)
  // What is being written stands in sight on the phone, too.
  useEffect(() => {
    const row = item && body.current?.querySelector<HTMLElement>(`[data-item="${CSS.escape(item)}"]`)
    if (row && body.current) body.current.scrollTop = row.offsetTop - 60
  }, [item])
  const form: Form = { ...c, version: 0, form: '' }
  const points = [1, 2].map(n => ({ key: `point:${n}`, name: m.forms.pointN({ n }) }))
  const [said, set] = useState<Said>(() => begin(uuid(), form, []))
  // Sections come and go while one types: what is looked at follows the form, not what was chosen before.
  const here: Said = {
    ...said,
    subjects: [
      ...form.sections.flatMap(s => (s.each?.of === 'point' ? points.map(p => ({ section: s.key, id: p.key, name: p.name })) : [])),
      ...said.subjects.filter(x => form.sections.some(s => s.key === x.section && s.each?.of === 'object')),
    ],
  }
  const visit = visitInputs(c.about[0] ?? '', false, here)
  const list = asked(form, here, visit)
  const counts = list.filter(x => answerOf(x.item) !== 'text')
  const rest = counts.filter(x => !isAnswered(x.item, here.answers[x.at]) && fine(x.item) !== undefined)
  const done = counts.length - counts.filter(x => !isAnswered(x.item, here.answers[x.at])).length
  return (
    <aside className="checklist-phone" aria-label={m.forms.phone}>
      <h2>{m.forms.phone}</h2>
      <p className="muted small">{m.forms.phoneHint}</p>
      <div className="checklist-frame">
        <div className="checklist-frame-top">
          <Icon name="left" />
          <b>{l(c.title)}</b>
        </div>
        <div className="checklist-frame-body" ref={body}>
          {c.sample && (
            <p className="check-sample">
              <b>{m.check.sample}</b> {l(c.sample)}
            </p>
          )}
          <Sections
            form={form}
            said={here}
            list={list}
            open={[]}
            objects={[]}
            kinds={choices.kinds.map(k => ({ key: k.key, title: k.title }))}
            change={act => set(was => act({ ...was, subjects: here.subjects }))}
            photos={() => () => (
              <p className="checklist-photo">
                <Icon name="camera" />
                {m.check.photo}
              </p>
            )}
          />
          <Handouts form={form} said={here} change={set} />
        </div>
        <div className="checklist-frame-bar">
          <p className="row small">
            <span className="grow">{m.check.answered({ a: done, b: counts.length })}</span>
            {done > 0 && (
              <button type="button" className="link" onClick={() => set(begin(uuid(), form, []))}>
                {m.forms.again}
              </button>
            )}
          </p>
          {rest.length > 0 ? (
            <button type="button" className="btn primary check-main" onClick={() => set(allFine(form, here, visit))}>
              {m.check.allFine({ n: rest.length })}
            </button>
          ) : (
            <span className="btn check-main" aria-hidden="true">
              {m.check.submit}
            </span>
          )}
        </div>
      </div>
    </aside>
  )
}
