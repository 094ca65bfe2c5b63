import { useState } from 'react'
import { typedCount } from '../../shared/format'
import { FieldBox, Select, TextField } from '../ui/Field'
import { Icon } from '../ui/Icon'
import { blankItem, blankSection, moved, withItem, withSection } from './draft'
import { ItemForm } from './ItemForm'
import { useFault, type Change, type Faults } from './HeadForm'
import type { Checklist, Choices, Item, Section } from './types'
import { useI18n } from './texts'

type Props = { c: Checklist; choices: Choices; faults: Faults; open: string; setOpen: (at: string) => void; change: Change | null }

/** The paper form is the editor: sections with their items; the chosen row opens below itself. */
export function Sections({ c, choices, faults, open, setOpen, change }: Props) {
  const { m } = useI18n()
  return (
    <>
      {c.sections.map((s, si) => (
        <SectionCard key={s.key} c={c} s={s} si={si} choices={choices} faults={faults} open={open} setOpen={setOpen} change={change} />
      ))}
      {change && (
        <p className="checklist-add">
          <button
            type="button"
            className="btn"
            onClick={() => {
              change(w => ({ ...w, sections: [...w.sections, blankSection()] }))
              setOpen(`/sections/${c.sections.length}`)
            }}
          >
            <Icon name="plus" />
            {m.forms.addSection}
          </button>
        </p>
      )}
    </>
  )
}

/** Moves or deletes one of a list. */
function Order({ name, i, n, remove, onMove, onRemove }: { name: string; i: number; n: number; remove: string; onMove: (to: number) => void; onRemove: () => void }) {
  const { m } = useI18n()
  return (
    <p className="row checklist-order">
      <button type="button" className="btn slim" disabled={i === 0} aria-label={`${m.forms.up} ${name}`} onClick={() => onMove(i - 1)}>
        <Icon name="up" />
        {m.forms.up}
      </button>
      <button type="button" className="btn slim" disabled={i === n - 1} aria-label={`${m.forms.down} ${name}`} onClick={() => onMove(i + 1)}>
        <Icon name="down" />
        {m.forms.down}
      </button>
      <span className="grow" />
      <button type="button" className="btn slim danger" aria-label={`${remove} ${name}`} onClick={onRemove}>
        {remove}
      </button>
    </p>
  )
}

function SectionCard({ c, s, si, choices, faults, open, setOpen, change }: Props & { s: Section; si: number }) {
  const { m, l } = useI18n()
  const at = `/sections/${si}`
  const fault = useFault(faults)
  const here = open === at
  const own = faults.some(f => f.pointer === at || (f.pointer.startsWith(`${at}/`) && !f.pointer.startsWith(`${at}/items`)))
  return (
    <section className="checklist-section" data-at={at}>
      <h2>
        {change ? (
          <button type="button" className="checklist-row" aria-expanded={here} onClick={() => setOpen(here ? '' : at)}>
            <Icon name={here ? 'up' : 'down'} />
            <span className="grow">{l(s.title) || m.forms.empty}</span>
            {s.each && <span className="muted small">{s.each.of === 'point' ? m.forms.eachPoint : m.forms.eachObject}</span>}
            {s.points > 0 && <span className="muted">{m.check.points({ n: s.points })}</span>}
            {own && <Icon name="warn" />}
          </button>
        ) : (
          <span className="checklist-row">
            <span className="grow">{l(s.title)}</span>
            {s.points > 0 && <span className="muted">{m.check.points({ n: s.points })}</span>}
          </span>
        )}
      </h2>
      {here && change && (
        <div className="checklist-form">
          <TextField label={m.forms.sectionName} value={s.title.zh} error={fault(`${at}/title`) ?? fault(at)} onChange={zh => change(w => withSection(w, si, x => ({ ...x, title: { ...x.title, zh } })))} />
          <TextField label={m.forms.english} optional={m.common.optional} value={s.title.en} onChange={en => change(w => withSection(w, si, x => ({ ...x, title: { ...x.title, en } })))} />
          <TextField
            label={m.forms.sectionPoints}
            optional={m.common.optional}
            inputMode="numeric"
            error={fault(`${at}/points`)}
            value={s.points ? String(s.points) : ''}
            onChange={v => change(w => withSection(w, si, x => ({ ...x, points: typedCount(v, x.points) })))}
          />
          <EachForm s={s} choices={choices} error={fault(`${at}/each`)} put={each => change(w => withSection(w, si, x => ({ ...x, each })))} />
          <div className="checklist-wide">
            <Order
              name={l(s.title)}
              i={si}
              n={c.sections.length}
              remove={m.forms.removeSection}
              onMove={to => {
                change(w => ({ ...w, sections: moved(w.sections, si, to) }))
                setOpen(`/sections/${to}`)
              }}
              onRemove={() => {
                change(w => ({ ...w, sections: w.sections.filter((_, i) => i !== si) }))
                setOpen('')
              }}
            />
          </div>
        </div>
      )}
      <ol className="checklist-items">
        {s.items.map((i, ii) => (
          <ItemRow key={i.key} c={c} i={i} si={si} ii={ii} n={s.items.length} choices={choices} faults={faults} open={open} setOpen={setOpen} change={change} />
        ))}
      </ol>
      {change && (
        <button
          type="button"
          className="btn quiet slim"
          onClick={() => {
            change(w => withSection(w, si, x => ({ ...x, items: [...x.items, blankItem()] })))
            setOpen(`${at}/items/${s.items.length}`)
          }}
        >
          <Icon name="plus" />
          {m.forms.addItem}
        </button>
      )}
    </section>
  )
}

/** How often a section is answered: once, at every point, or at some premises of each kind. */
function EachForm({ s, choices, error, put }: { s: Section; choices: Choices; error: string | undefined; put: (each: Section['each']) => void }) {
  const { m, l } = useI18n()
  const [kind, setKind] = useState('')
  const of = s.each?.n.of ?? []
  return (
    <FieldBox label={m.forms.each} error={error} className={s.each?.of === 'object' ? 'checklist-wide' : ''}>
      {a => (
        <>
          <Select
            id={a.id}
            value={s.each?.of ?? ''}
            onChange={v => put(v === '' ? undefined : v === 'point' ? { of: 'point', n: { all: true, of: [] } } : { of: 'object', n: { all: false, of } })}
            none={m.forms.eachNone}
            options={[
              { value: 'point', label: m.forms.eachPoint },
              { value: 'object', label: m.forms.eachObject },
            ]}
          />
          {s.each?.of === 'object' && (
            <div className="row wrap checklist-each">
              {of.map((x, i) => {
                const title = l(choices.kinds.find(k => k.key === x.kind)?.title ?? { zh: x.kind, en: x.kind })
                return (
                  <label key={x.kind} className="row small">
                    {title}
                    <input
                      className="input checklist-number"
                      inputMode="numeric"
                      aria-label={m.forms.eachN({ t: title })}
                      value={x.n ? String(x.n) : ''}
                      onChange={e => put({ of: 'object', n: { all: false, of: of.map((y, j) => (j === i ? { ...y, n: typedCount(e.target.value, y.n) } : y)) } })}
                    />
                    <button type="button" className="btn icon slim" aria-label={`${m.common.remove} ${title}`} onClick={() => put({ of: 'object', n: { all: false, of: of.filter((_, j) => j !== i) } })}>
                      <Icon name="close" />
                    </button>
                  </label>
                )
              })}
              <Select
                label={m.common.add}
                value={kind}
                onChange={k => {
                  setKind('')
                  if (k) put({ of: 'object', n: { all: false, of: [...of, { kind: k, n: 1 }] } })
                }}
                none={m.common.add}
                options={choices.kinds.filter(k => !of.some(x => x.kind === k.key)).map(k => ({ value: k.key, label: l(k.title) }))}
              />
            </div>
          )}
        </>
      )}
    </FieldBox>
  )
}

function ItemRow({ c, i, si, ii, n, choices, faults, open, setOpen, change }: Props & { i: Item; si: number; ii: number; n: number }) {
  const { m, l } = useI18n()
  const at = `/sections/${si}/items/${ii}`
  const here = open === at
  const bad = faults.some(f => f.pointer === at || f.pointer.startsWith(`${at}/`))
  const kind = i.answer || 'yes-no'
  const facts = [
    kind === 'yes-no' ? '' : m.forms.answersKinds[kind],
    i.severity === 'major' ? m.forms.major : '',
    i.instrument === 'none' ? m.forms.nothing : i.instrument ? l(choices.instruments.find(x => x.key === i.instrument)?.title ?? { zh: i.instrument, en: i.instrument }) : '',
    i.when ? m.forms.whenOwn : '',
  ].filter(Boolean)
  const text = (
    <>
      <span className="checklist-no faint">{m.forms.item({ s: si + 1, n: ii + 1 })}</span>
      <span className="grow">
        {l(i.ask) || <span className="faint">{m.forms.empty}</span>}
        {i.rule && <span className="faint small checklist-rule">{l(i.rule)}</span>}
      </span>
      <span className="muted small checklist-facts">{facts.join(m.common.sep)}</span>
    </>
  )
  return (
    <li className={here ? 'open' : undefined} data-at={at}>
      {change ? (
        <button type="button" className="checklist-row" aria-expanded={here} onClick={() => setOpen(here ? '' : at)}>
          {text}
          <Icon name={bad ? 'warn' : here ? 'up' : 'edit'} />
        </button>
      ) : (
        <span className="checklist-row">{text}</span>
      )}
      {here && change && (
        <div className="checklist-form">
          <ItemForm i={i} c={c} choices={choices} at={at} faults={faults} put={act => change(w => withItem(w, si, ii, act))} />
          <div className="checklist-wide">
            <Order
              name={l(i.ask)}
              i={ii}
              n={n}
              remove={m.forms.removeItem}
              onMove={to => {
                change(w => withSection(w, si, x => ({ ...x, items: moved(x.items, ii, to) })))
                setOpen(`/sections/${si}/items/${to}`)
              }}
              onRemove={() => {
                change(w => withSection(w, si, x => ({ ...x, items: x.items.filter((_, j) => j !== ii) })))
                setOpen('')
              }}
            />
          </div>
        </div>
      )}
    </li>
  )
}
