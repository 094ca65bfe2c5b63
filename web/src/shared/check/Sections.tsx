import type { Schema } from '../../api/client'
import { useI18n as useShared } from '../i18n'
import { Icon } from '../Icon'
import { isWrong, say, subjectsOf, type Asked, type Said } from './answers'
import { CheckItem, type Photos } from './CheckItem'
import { Subjects, type Met } from './Subjects'
import { useI18n } from './texts'
import type { Form } from './types'

type Props = {
  form: Form
  said: Said
  list: Asked[]
  open: { item: string; subject: string }[]
  objects: Met[]
  kinds: Schema<'InspectObjectKind'>[]
  change: (act: (was: Said) => Said) => void
  photos: (x: Asked) => Photos
}

/** The sections of a checklist with what is asked of the place, or of each of its points and premises. */
export function Sections({ form, said, list, open, objects, kinds, change, photos }: Props) {
  const { m, l } = useI18n()
  const { m: all } = useShared()
  return form.sections.map(s => {
    const subjects = subjectsOf(said, s)
    const groups = s.each && (subjects.length || s.each.of === 'object') ? subjects : [{ section: s.key, id: '', name: '' }]
    const here = list.filter(x => x.section.key === s.key)
    if (here.length === 0 && s.each?.of !== 'object') return null
    return (
      <section key={s.key} className="check-section">
        <h2>
          <span className="grow">{l(s.title)}</span>
          {s.points > 0 && <span className="muted small">{m.check.points({ n: s.points })}</span>}
        </h2>
        {groups.map(g => (
          <div key={g.id} className={g.id ? 'check-subject' : undefined}>
            {g.name && (
              <h3>
                {g.name}
                {s.each?.of === 'object' && (
                  <button type="button" className="btn icon slim" aria-label={all.common.remove} onClick={() => change(was => ({ ...was, subjects: was.subjects.filter(x => x.id !== g.id) }))}>
                    <Icon name="close" />
                  </button>
                )}
              </h3>
            )}
            {here
              .filter(x => x.subject === g.id)
              .map(x => (
                <CheckItem
                  key={x.at}
                  item={x.item}
                  given={said.answers[x.at]}
                  wrong={isWrong(x.item, said.answers[x.at])}
                  joins={open.some(c => c.item === `${form.key}/${x.item.key}` && c.subject === x.subject)}
                  say={patch => change(was => say(was, x, patch))}
                  photos={photos(x)}
                />
              ))}
          </div>
        ))}
        {s.each?.of === 'object' && <Subjects objects={objects} kinds={kinds} section={s} chosen={subjects} add={x => change(was => ({ ...was, subjects: [...was.subjects, x] }))} />}
      </section>
    )
  })
}

/** What was handed out: an inspection is also a service. */
export function Handouts({ form, said, change }: Pick<Props, 'form' | 'said' | 'change'>) {
  const { m, l } = useI18n()
  if (!form.handouts || form.handouts.length === 0) return null
  return (
    <fieldset className="check-handouts">
      <legend>{m.check.handouts}</legend>
      {form.handouts.map(h => (
        <button
          key={h.key}
          type="button"
          className="tap"
          aria-pressed={said.handouts.includes(h.key)}
          onClick={() => change(was => ({ ...was, handouts: was.handouts.includes(h.key) ? was.handouts.filter(k => k !== h.key) : [...was.handouts, h.key] }))}
        >
          {l(h.title)}
        </button>
      ))}
    </fieldset>
  )
}
