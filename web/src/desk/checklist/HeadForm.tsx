import { FieldBox, SelectField, TextArea, TextField } from '../ui/Field'
import { Icon } from '../ui/Icon'
import { freshKey } from './draft'
import type { Checked, Checklist, Choices } from './types'
import { useI18n } from './texts'

/** Several of a few, in the order in which they were chosen. */
export function Chips({ label, hint, error, all, value, onChange, ordered }: { label: string; hint?: string; error?: string | undefined; all: { key: string; title: string }[]; value: readonly string[]; onChange: (next: string[]) => void; ordered?: boolean }) {
  return (
    <FieldBox label={label} hint={hint} error={error} className="checklist-wide">
      {a => (
        <div className="check-chips" role="group" aria-label={label} aria-describedby={a.describedby}>
          {all.map(x => (
            <button key={x.key} type="button" className="tap slim" aria-pressed={value.includes(x.key)} onClick={() => onChange(value.includes(x.key) ? value.filter(k => k !== x.key) : [...value, x.key])}>
              {x.title}
              {ordered && value.length > 1 && value.includes(x.key) && <sup> {value.indexOf(x.key) + 1}</sup>}
            </button>
          ))}
        </div>
      )}
    </FieldBox>
  )
}

export const named = (list: Choices['about'], l: (x: { zh: string; en: string }) => string) => list.map(x => ({ key: x.key, title: l(x.title) }))
export type Faults = Checked['faults']
export type Change = (act: (was: Checklist) => Checklist) => void

/** What a fault of a place says. */
export function useFault(faults: Faults) {
  const { l } = useI18n()
  return (pointer: string) => {
    const f = faults.find(x => x.pointer === pointer)
    return f && l(f.say)
  }
}

/** What the form is called, what it is for, and who answers. */
export function HeadForm({ c, choices, faults, open, setOpen, change }: { c: Checklist; choices: Choices; faults: Faults; open: boolean; setOpen: (open: boolean) => void; change: Change }) {
  const { m, l } = useI18n()
  const fault = useFault(faults)
  const name = (list: Choices['about'], keys: readonly string[]) => keys.map(k => l(list.find(x => x.key === k)?.title ?? { zh: k, en: k })).join(m.common.sep)
  const handouts = (c.handouts ?? []).map(h => h.title.zh).join('\n')
  const bad = faults.some(f => !f.pointer.startsWith('/sections'))
  return (
    <section className={open ? 'checklist-head open' : 'checklist-head'} data-at="/head">
      <button type="button" className="checklist-row" aria-expanded={open} onClick={() => setOpen(!open)}>
        <Icon name={open ? 'up' : 'down'} />
        <b>{m.forms.head}</b>
        <span className="grow muted">{[name(choices.about, c.about), name(choices.answerers, c.answers)].filter(Boolean).join(' · ')}</span>
        {bad && <Icon name="warn" />}
      </button>
      {open && (
        <div className="checklist-form">
          <TextField label={m.forms.nameZh} value={c.title.zh} error={fault('/title')} onChange={zh => change(w => ({ ...w, title: { ...w.title, zh } }))} />
          <TextField label={m.forms.nameEn} optional={m.common.optional} value={c.title.en} onChange={en => change(w => ({ ...w, title: { ...w.title, en } }))} />
          <Chips label={m.forms.about} hint={m.forms.aboutHint} error={fault('/about')} all={named(choices.about, l)} value={c.about} onChange={about => change(w => ({ ...w, about }))} />
          <Chips label={m.forms.answersOf} hint={m.forms.answersHint} error={fault('/answers')} all={named(choices.answerers, l)} value={c.answers} onChange={answers => change(w => ({ ...w, answers }))} ordered />
          <SelectField
            label={m.forms.instrument}
            value={c.instrument}
            error={fault('/instrument')}
            onChange={instrument => change(w => ({ ...w, instrument }))}
            none={m.forms.nothing}
            options={choices.instruments.map(i => ({ value: i.key, label: l(i.note) ? m.forms.days({ t: l(i.title), d: l(i.note) }) : l(i.title) }))}
          />
          <TextField
            label={m.forms.sample}
            optional={m.common.optional}
            hint={m.forms.sampleHint}
            error={fault('/sample')}
            value={c.sample?.zh ?? ''}
            onChange={zh => change(w => ({ ...w, sample: { zh, en: w.sample?.zh === zh ? w.sample.en : '' } }))}
          />
          <TextArea
            label={m.forms.handouts}
            optional={m.common.optional}
            hint={m.forms.handoutsHint}
            rows={3}
            value={handouts}
            onChange={text =>
              change(w => ({
                ...w,
                handouts: text.split('\n').map((zh, i) => {
                  const was = w.handouts?.find(h => h.title.zh === zh) ?? w.handouts?.[i]
                  return { key: was?.key ?? freshKey('h'), title: was?.title.zh === zh ? was.title : { zh, en: '' } }
                }),
              }))
            }
          />
        </div>
      )}
    </section>
  )
}
